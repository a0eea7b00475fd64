/**
 * Keeps what an autoscaler knows beyond the life of its process: cooldowns, what was learned, the last decisions.
 *
 * One autoscaler a store. The text is JSON, and no business of the store.
 */
export interface StateStore {
  /** The text saved last. `undefined`: none was ever saved. Rejects when what is there is damaged. */
  load(): Promise<string | undefined>;
  /** Resolves when it is kept. All or nothing: a crash in the middle leaves the text before. */
  save(text: string): Promise<void>;
}

/** Why a state could not be read. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly code: 'damaged' | 'unreadable' | 'unknown-version';

  constructor(code: StateError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
