/** What everything that starts something returns: `await using` and `close()` do the same. */
export interface Disposable extends AsyncDisposable {
  /** Stops and waits for work in flight, within a bounded time. Safe to call twice. */
  close(): Promise<void>;
}

/** The languages in which every text that a person reads exists. */
export type Locale = 'zh-CN' | 'en';
