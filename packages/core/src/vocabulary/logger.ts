/** pino's shape: fields first, then a fixed sentence. Values go into the fields, never into the sentence. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const silence = (): void => {};

/** Says nothing: what every option `logger` defaults to. */
export const silentLogger: Logger = { debug: silence, info: silence, warn: silence, error: silence };

/**
 * The same logger, except that it never throws: one whose transport has ended does, and a line that cannot
 * be written must not end the service.
 */
export function guardedLogger(logger: Logger): Logger {
  const guarded =
    (level: keyof Logger) =>
    (fields: object, message: string): void => {
      try {
        logger[level](fields, message);
      } catch {
        // There is nowhere left to say so.
      }
    };
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}
