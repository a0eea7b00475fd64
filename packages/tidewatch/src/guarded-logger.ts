import type { Logger } from '@tidewatch/core';

/**
 * The host's logger, made safe to call from a loop: what it throws stops here.
 *
 * A line that cannot be written is no reason to end a round of rules, a collect or a request.
 */
export function guardedLogger(logger: Logger): Logger {
  const guarded =
    (level: keyof Logger) =>
    (fields: object, message: string): void => {
      try {
        logger[level](fields, message);
      } catch {
        // There is nowhere left to say it.
      }
    };
  return {
    debug: guarded('debug'),
    info: guarded('info'),
    warn: guarded('warn'),
    error: guarded('error'),
  };
}
