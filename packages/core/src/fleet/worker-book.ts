/** Far more than one machine runs. */
const MAX_WORKERS = 10_000;

/** A worker gives a sign of life four times a second; four of them missing is no accident. */
const SILENT_AFTER_MS = 1_000;

/** What the process that counts knows of its workers. */
export class WorkerBook {
  readonly #workers = new Map<string, { calls: number; heardMs: number }>();
  #gone = 0;

  /** @returns Whether there was room for the worker. */
  hear(worker: string, calls: number, nowMs: number): boolean {
    const known = this.#workers.get(worker);
    if (known === undefined && this.#workers.size >= MAX_WORKERS) return false;
    if (known === undefined) this.#workers.set(worker, { calls, heardMs: nowMs });
    else Object.assign(known, { calls, heardMs: nowMs });
    return true;
  }

  /** A worker that is gone has no calls that run. */
  forget(worker: string): void {
    if (this.#workers.delete(worker)) this.#gone += 1;
  }

  /** Calls that run in all workers. */
  get calls(): number {
    return [...this.#workers.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  /** Workers by whether they were heard of in the last second, and those that are gone. Absent before the first. */
  states(nowMs: number): { reporting: number; silent: number; gone: number } | undefined {
    if (this.#workers.size === 0 && this.#gone === 0) return undefined;
    const all = [...this.#workers.values()];
    const silent = all.filter(({ heardMs }) => nowMs - heardMs > SILENT_AFTER_MS).length;
    return { reporting: this.#workers.size - silent, silent, gone: this.#gone };
  }
}
