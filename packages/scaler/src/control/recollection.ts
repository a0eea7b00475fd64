import type { Logger } from '@tidewatch/core';
import { readMemory, writeMemory, type AutoscalerMemory, type Learner } from '../memory/autoscaler-memory.ts';
import type { StateStore } from '../memory/state-store.ts';
import type { DecisionTexts } from '../texts/decision-texts.ts';
import { withSignal } from '../with-signal.ts';
import type { ControllerState } from './controller-state.ts';

export interface RecollectionOptions {
  readonly state: ControllerState;
  readonly stateStore: StateStore | undefined;
  readonly learners: Readonly<Record<string, Learner>>;
  readonly keepDecisions: number;
  readonly dryRun: boolean;
  /** Longest wait for the store: one that hangs must not stop the decisions. */
  readonly timeoutMs: number;
  readonly texts: DecisionTexts;
  readonly logger: Logger;
}

/** Takes up what an earlier controller knew, and keeps it for a later one. Never rejects. */
export interface Recollection {
  /**
   * Reads the store at the start, and again when a new term as the leader begins: another has acted meanwhile.
   *
   * @param term - Absent: another leads.
   */
  recall(nowMs: number, term: number | undefined): Promise<void>;
  save(nowMs: number): Promise<void>;
}

export function createRecollection(options: RecollectionOptions): Recollection {
  const { state, stateStore, learners, keepDecisions, dryRun, timeoutMs, texts, logger } = options;
  let isFirst = true;
  let recalledTerm: number | undefined;

  async function recall(nowMs: number, term: number | undefined): Promise<void> {
    const isNewTerm = term !== undefined && term !== recalledTerm;
    if (!isFirst && !isNewTerm) return;
    isFirst = false;
    if (term !== undefined) recalledTerm = term;
    const memory = await read();
    if (memory === undefined) {
      // What was done before us is lost: as if a step had just been completed, none goes down soon. Who keeps no
      // state has none to lose: cooldowns then begin with the first completed step.
      if (stateStore !== undefined && !dryRun) state.lastDownMs = nowMs;
      return;
    }
    state.lastUpMs = memory.lastUpMs;
    state.lastDownMs = memory.lastDownMs;
    state.askedFor = memory.askedFor;
    if (memory.health !== undefined) state.health = memory.health;
    state.records = memory.decisions.slice(-keepDecisions);
    state.lastRecord ??= state.records.at(-1);
    for (const [name, learner] of Object.entries(learners)) {
      if (Object.hasOwn(memory.learned, name)) guarded(() => learner.restore(memory.learned[name]));
    }
  }

  function bounded<T>(promise: Promise<T>): Promise<T> {
    return withSignal(promise, AbortSignal.timeout(timeoutMs));
  }

  async function read(): Promise<AutoscalerMemory | undefined> {
    try {
      const text = stateStore && (await bounded(stateStore.load()));
      return text === undefined ? undefined : readMemory(text);
    } catch (error) {
      logger.error({ error }, texts.stateLost);
      return undefined;
    }
  }

  function guarded(restore: () => void): void {
    try {
      restore();
    } catch (error) {
      logger.error({ error }, 'what was learned could not be taken up');
    }
  }

  async function save(nowMs: number): Promise<void> {
    if (stateStore === undefined) return;
    try {
      await bounded(stateStore.save(writeMemory(state, learners, nowMs)));
    } catch (error) {
      logger.error({ error }, 'the state could not be saved');
    }
  }

  return { recall, save };
}
