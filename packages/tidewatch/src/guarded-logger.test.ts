import { expect, it } from 'vitest';
import { guardedLogger } from './guarded-logger.ts';

it('passes on each level, fields and sentence, with the logger as `this`', () => {
  class Lines {
    readonly lines: unknown[] = [];
    #write(level: string, fields: object, message: string): void {
      this.lines.push([level, fields, message]);
    }
    debug(fields: object, message: string): void {
      this.#write('debug', fields, message);
    }
    info(fields: object, message: string): void {
      this.#write('info', fields, message);
    }
    warn(fields: object, message: string): void {
      this.#write('warn', fields, message);
    }
    error(fields: object, message: string): void {
      this.#write('error', fields, message);
    }
  }
  const lines = new Lines();
  const logger = guardedLogger(lines);
  for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]({ a: 1 }, 'said');
  expect(lines.lines).toEqual(['debug', 'info', 'warn', 'error'].map((level) => [level, { a: 1 }, 'said']));
});

it('stops what a logger throws', () => {
  const full = (): never => {
    throw new Error('the disk is full');
  };
  const logger = guardedLogger({ debug: full, info: full, warn: full, error: full });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    expect(() => logger[level]({}, 'said')).not.toThrow();
  }
});
