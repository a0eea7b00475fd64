import type { StateStore } from '../store/state-store.ts';
import type { Entry } from './entry.ts';
import { digestsOf, reconcile, wholeGroupKey } from './merge.ts';

/** The messages that wait for one channel; each alert is in one of them at most. Every change goes to the store. */
export interface Queue {
  readonly size: number;
  /** Whether a message about this alert waits or is on its way. */
  holds(fingerprint: string): boolean;
  /** In the order of sending. */
  entries(): readonly Entry[];
  /** Puts in a message whose word is newer than that of all that wait. */
  add(entry: Entry): void;
  /** Takes entries out, to be sent as one; in the store it is marked as on its way, until `putBack`. */
  take(entries: readonly Entry[], asOne: Entry): void;
  /** Ends what `take` began: puts what is left in front of those that came meanwhile, whose word is newer. */
  putBack(left: readonly Entry[]): void;
  /** Replaces every waiting entry. */
  replaceAll(change: (entry: Entry) => Entry): void;
}

/** A message of the store, as the last process left it. */
export interface StoredEntry {
  readonly key: string;
  readonly order: number;
  readonly entry: Entry;
}

/**
 * @param channel - The name under which the store knows the entries.
 * @param maxEntries - When more wait, they are merged into digests: nothing is left out.
 */
export function createQueue(
  channel: string,
  store: StateStore,
  maxEntries: number,
  stored: readonly StoredEntry[] = [],
): Queue {
  const waiting = new Map<number, Entry>();
  const byAlert = new Map<string, number>();
  const byGroup = new Map<string, Set<number>>();
  let front = 0;
  let back = 0;
  let sorted: readonly (readonly [order: number, entry: Entry])[] | undefined = [];
  let inFlight: { readonly order: number; readonly entry: Entry } | undefined;
  const keyOf = (order: number): string => `${channel}/${order}`;

  function set(order: number, entry: Entry): void {
    unset(order, false);
    waiting.set(order, entry);
    for (const { fingerprint } of entry.notification.alerts) byAlert.set(fingerprint, order);
    const group = wholeGroupKey(entry);
    const members = byGroup.get(group) ?? new Set();
    byGroup.set(group, members.add(order));
    store.put('outbox', keyOf(order), { channel, order, sending: false, entry });
    sorted = undefined;
  }

  function unset(order: number, isGone = true): void {
    const entry = waiting.get(order);
    if (entry === undefined) return;
    waiting.delete(order);
    for (const { fingerprint } of entry.notification.alerts) {
      if (byAlert.get(fingerprint) === order) byAlert.delete(fingerprint);
    }
    const group = wholeGroupKey(entry);
    byGroup.get(group)?.delete(order);
    if (byGroup.get(group)?.size === 0) byGroup.delete(group);
    if (isGone) store.remove('outbox', keyOf(order));
    sorted = undefined;
  }

  /** Those of the same group or with an alert in common; all others have nothing to say to this entry. */
  function related(entry: Entry): number[] {
    const orders = new Set([
      ...(byGroup.get(wholeGroupKey(entry)) ?? []),
      ...(byGroup.get(entry.notification.groupKey) ?? []),
    ]);
    for (const { fingerprint } of entry.notification.alerts) {
      const order = byAlert.get(fingerprint);
      if (order !== undefined) orders.add(order);
    }
    return [...orders].toSorted((a, b) => a - b);
  }

  function inOrder(): readonly (readonly [number, Entry])[] {
    return (sorted ??= [...waiting].toSorted(([a], [b]) => a - b));
  }

  function mergeAll(): void {
    for (const merged of digestsOf(inOrder().map(([, entry]) => entry))) {
      if (merged.parts.length < 2) continue;
      const parts = new Set(merged.parts);
      const orders = inOrder().flatMap(([order, entry]) => (parts.has(entry) ? [order] : []));
      for (const order of orders) unset(order);
      set(orders[0] ?? ++back, merged.entry);
    }
  }

  for (const { key, order, entry } of stored.toSorted((a, b) => a.order - b.order)) {
    if (key !== keyOf(order)) store.remove('outbox', key);
    set(order, entry);
    front = Math.min(front, order);
    back = Math.max(back, order);
  }
  return {
    get size() {
      return waiting.size;
    },
    holds: (fingerprint) =>
      byAlert.has(fingerprint) ||
      inFlight?.entry.notification.alerts.some((alert) => alert.fingerprint === fingerprint) === true,
    entries: () => inOrder().map(([, entry]) => entry),
    add(entry) {
      let word = entry;
      // From the newest on, so that the oldest word is overruled by all the others.
      for (const order of related(entry).toReversed()) {
        const there = waiting.get(order);
        if (there === undefined) continue;
        const { older, newer } = reconcile(there, word);
        word = newer;
        if (older === undefined) unset(order);
        else if (older !== there) set(order, older);
      }
      set(++back, word);
      if (waiting.size > maxEntries) mergeAll();
    },
    take(entries, asOne) {
      const taken = new Set(entries);
      const orders = inOrder().flatMap(([order, entry]) => (taken.has(entry) ? [order] : []));
      for (const order of orders) unset(order);
      const order = orders[0] ?? --front;
      inFlight = { order, entry: asOne };
      store.put('outbox', keyOf(order), { channel, order, sending: true, entry: asOne });
    },
    putBack(left) {
      if (inFlight !== undefined) store.remove('outbox', keyOf(inFlight.order));
      inFlight = undefined;
      for (const entry of left.toReversed()) {
        let rest: Entry | undefined = entry;
        for (const order of related(entry)) {
          const there = waiting.get(order);
          if (rest === undefined || there === undefined) continue;
          const { older, newer } = reconcile(rest, there);
          rest = older;
          if (newer !== there) set(order, newer);
        }
        if (rest !== undefined) set(--front, rest);
      }
    },
    replaceAll(change) {
      for (const [order, entry] of inOrder()) set(order, change(entry));
    },
  };
}
