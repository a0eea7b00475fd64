/** Why a target could not be counted or changed. Its message carries no address, header or argument. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code:
    | 'unreachable'
    | 'refused'
    | 'not-found'
    | 'conflict'
    | 'bad-answer'
    | 'bad-count'
    | 'crash-loop'
    | 'command-failed';

  constructor(code: TargetError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** `ECONNREFUSED`, and never the message, which may repeat an address with a password in it. */
export function transportCode(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return error instanceof Error && error.name === 'TimeoutError' ? 'timed out' : 'network error';
}
