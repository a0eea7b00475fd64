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
