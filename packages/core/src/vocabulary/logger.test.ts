import { expect, it } from 'vitest';
import { guardedLogger, type Logger } from './logger.ts';

it('passes every line on, and swallows what the logger throws', () => {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
      throw new Error('the worker has exited');
    };
  const logger = guardedLogger({
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  });
  const levels: readonly (keyof Logger)[] = ['debug', 'info', 'warn', 'error'];
  for (const level of levels) logger[level]({ n: 1 }, 'said');
  expect(lines).toEqual(levels.map((level) => `${level} said {"n":1}`));
});

it('keeps the logger its own `this`', () => {
  class Counting implements Logger {
    lines = 0;
    debug(): void {
      this.lines += 1;
    }
    info(): void {}
    warn(): void {}
    error(): void {}
  }
  const counting = new Counting();
  guardedLogger(counting).debug({}, 'one');
  expect(counting.lines).toBe(1);
});
