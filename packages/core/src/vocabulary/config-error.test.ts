import { expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';

it('says for every fault where it is, what is wrong and what to do', () => {
  const error = new ConfigError('config.yaml', [
    {
      code: 'unknown-key',
      path: 'scaling.coldown',
      problem: 'unknown key',
      remedy: 'did you mean "cooldown"?',
      line: 3,
    },
    { code: 'syntax', path: '', problem: 'no closing quotation mark', line: 7, column: 12 },
    { code: 'missing-key', path: 'metrics', problem: 'expected a list' },
  ]);
  expect(error.message).toBe(
    `config.yaml:3:1: scaling.coldown: unknown key; did you mean "cooldown"?
config.yaml:7:12: no closing quotation mark
config.yaml: metrics: expected a list`,
  );
  expect(error).toMatchObject({ name: 'ConfigError', code: 'unknown-key', source: 'config.yaml' });
});
