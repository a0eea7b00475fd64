import type { NotifiedAlert } from '../channels/channel.ts';
import type { StateStore } from '../store/state-store.ts';
import type { Entry } from './entry.ts';
import { digestsOf, reconcile, speakingOf, wholeGroupKey } from './merge.ts';

/** The messages that wait for one channel; each alert is in one of them at most. Every change goes to the store. */
export interface Queue {
  readonly size: number;
  /** Whether a message about this alert waits or is on its way. */
  holds(fingerprint: string): boolean;
  /** In the order of sending. */
  entries(): readonly Entry[];
  /** Puts in a message whose word is newer than that of all that wait. */
  add(entry: Entry): void;
  /**
   * Makes what waits as new as a repetition that says the same.
   *
   * @returns false when not all alerts wait, or another channel was given them and is to hear of the repetition
   */
  renew(alerts: readonly NotifiedAlert[], nowMs: number): boolean;
  /** Takes entries out, to be sent as one; in the store it is marked as on its way, until `putBack`. */
  take(entries: readonly Entry[], asOne: Entry): void;
  /** Ends what `take` began: puts what is left in front of those that came meanwhile, whose word is newer. */
  putBack(left: readonly Entry[]): void;
  /** Replaces every waiting entry; one that is given back as it is stays. */
  replaceAll(change: (entry: Entry) => Entry): void;
  /** Writes what waits to the store: what came and went since the last time is not written. */
  save(): void;
}

/** A message of the store, as the last process left it. */
export interface StoredEntry {
  readonly key: string;
  readonly order: number;
  readonly entry: Entry;
}

/** A place in the queue; without an entry once it is gone. */
interface Place {
  readonly order: number;
  /** Whether the store knows it, and whether as it is. */
  stored: 'not' | 'otherwise' | 'as-it-is';
  entry: Entry | undefined;
  /** Alerts of the entry on which it has the newest word; of the others a later entry speaks. */
  current: number;
}

function isFirstHand(place: Place | undefined): boolean {
  return place?.entry !== undefined && place.entry.fellBack !== true;
}

/** So many places that are gone are remembered as unsaved. */
const MOST_GONE = 1000;

/**
 * What a newer message says of an alert overrules the older one, which is not written anew for that: a storm of
 * messages would write each digest as often as it has alerts. Outdated alerts are left out when entries are read, and
 * before places change their order; until then the store tells them apart by their order.
 *
 * @param channel - The name under which the store knows the entries.
 * @param maxEntries - When more wait, they are merged into digests: nothing is left out.
 */
export function createQueue(
  channel: string,
  store: StateStore,
  maxEntries: number,
  stored: readonly StoredEntry[] = [],
): Queue {
  /** In the order of sending, with those that are gone in between. */
  let line: Place[] = [];
  let size = 0;
  /** The place with the newest word on each alert. */
  const byAlert = new Map<string, Place>();
  const byGroup = new Map<string, Place[]>();
  let outdated = new Set<Place>();
  let unsaved: Place[] = [];
  let front = 0;
  let back = 0;
  let inFlight: { readonly order: number; readonly entry: Entry } | undefined;
  const keyOf = (order: number): string => `${channel}/${order}`;

  function append(order: number, entry: Entry, isStored: Place['stored'] = 'not'): void {
    const place: Place = { order, stored: isStored, entry: undefined, current: 0 };
    if (order === front) line.unshift(place);
    else line.push(place);
    size++;
    set(place, entry);
  }

  function set(place: Place, entry: Entry): void {
    const before = place.entry;
    if (before !== undefined) leaveGroup(place, before);
    place.entry = entry;
    for (const { fingerprint } of entry.notification.alerts) {
      const other = byAlert.get(fingerprint);
      if (other === place) continue;
      byAlert.set(fingerprint, place);
      place.current++;
      if (other === undefined) continue;
      outdated.add(other);
      if (--other.current === 0) remove(other);
    }
    if (before !== undefined) forgetAll(place, before, entry);
    const group = wholeGroupKey(entry);
    const members = byGroup.get(group);
    if (members === undefined) byGroup.set(group, [place]);
    else members.push(place);
    if (before === undefined) unsaved.push(place);
    else markUnsaved(place);
    if (unsaved.length > 2 * size + MOST_GONE) unsaved = unsaved.filter((one) => one.entry !== undefined);
  }

  function markUnsaved(place: Place): void {
    if (place.stored !== 'as-it-is') return;
    place.stored = 'otherwise';
    unsaved.push(place);
  }

  function save(): void {
    for (const place of unsaved) {
      const { order, entry, stored: is } = place;
      if (entry === undefined || is === 'as-it-is') continue;
      store.put('outbox', keyOf(order), { channel, order, sending: false, entry });
      place.stored = 'as-it-is';
    }
    unsaved = [];
  }

  /** Ends the say of a place on the alerts of an entry that are not in the other. */
  function forgetAll(place: Place, entry: Entry, but?: Entry): void {
    const kept = new Set(but?.notification.alerts.map(({ fingerprint }) => fingerprint));
    for (const { fingerprint } of entry.notification.alerts) {
      if (kept.has(fingerprint) || byAlert.get(fingerprint) !== place) continue;
      byAlert.delete(fingerprint);
      place.current--;
    }
  }

  function remove(place: Place): void {
    const { entry } = place;
    if (entry === undefined) return;
    forgetAll(place, entry);
    leaveGroup(place, entry);
    outdated.delete(place);
    if (place.stored !== 'not') store.remove('outbox', keyOf(place.order));
    // The maps may remember the place until the next full collection of garbage, but not its message.
    place.entry = undefined;
    size--;
  }

  function leaveGroup(place: Place, entry: Entry): void {
    const group = wholeGroupKey(entry);
    const members = byGroup.get(group) ?? [];
    members.splice(members.indexOf(place), 1);
    if (members.length === 0) byGroup.delete(group);
  }

  /** Leaves out of all entries what newer ones speak of, in the store too. */
  function leaveOutOutdated(): void {
    if (outdated.size === 0) return;
    const those = outdated;
    outdated = new Set();
    for (const place of those) if (place.entry !== undefined) set(place, newestOf(place, place.entry));
  }

  function newestOf(place: Place, entry: Entry): Entry {
    return speakingOf(entry, (fingerprint) => byAlert.get(fingerprint) === place);
  }

  /** Those of the same group, in order: all others have nothing to say to this entry but what it overrules. */
  function relatives(entry: Entry): Place[] {
    const whole = byGroup.get(wholeGroupKey(entry)) ?? [];
    const part = byGroup.get(entry.notification.groupKey) ?? [];
    if (whole.length + part.length === 0) return [];
    return [...new Set([...whole, ...part])].toSorted((a, b) => a.order - b.order);
  }

  function inOrder(): readonly Place[] {
    if (line.length > size) line = line.filter(({ entry }) => entry !== undefined);
    return line;
  }

  function entries(): Entry[] {
    leaveOutOutdated();
    return inOrder().flatMap(({ entry }) => entry ?? []);
  }

  function mergeAll(): void {
    const waiting = entries();
    const placeOf = new Map(inOrder().map((place) => [place.entry, place]));
    for (const { parts, entry } of digestsOf(waiting)) {
      const first = placeOf.get(parts[0]);
      // The other parts are removed with the last alert that the digest takes over.
      if (parts.length > 1 && first !== undefined) set(first, entry);
    }
  }

  for (const { key, order, entry } of stored.toSorted((a, b) => a.order - b.order)) {
    if (key !== keyOf(order)) store.remove('outbox', key);
    append(order, entry, key === keyOf(order) ? 'otherwise' : 'not');
    front = Math.min(front, order);
    back = Math.max(back, order);
  }
  return {
    get size() {
      return size;
    },
    holds: (fingerprint) =>
      byAlert.has(fingerprint) ||
      inFlight?.entry.notification.alerts.some((alert) => alert.fingerprint === fingerprint) === true,
    entries,
    add(entry) {
      let word = entry;
      // From the newest on, so that the oldest word is overruled by all the others.
      for (const place of relatives(entry).toReversed()) {
        if (place.entry === undefined) continue;
        const { older, newer } = reconcile(newestOf(place, place.entry), word);
        word = newer;
        if (older === undefined) remove(place);
        else if (older !== place.entry) set(place, older);
      }
      append(++back, word);
      if (size > maxEntries) mergeAll();
    },
    renew(alerts, nowMs) {
      const isWaiting = ({ fingerprint }: NotifiedAlert): boolean => isFirstHand(byAlert.get(fingerprint));
      if (!alerts.every(isWaiting)) return false;
      for (const { fingerprint } of alerts) {
        const place = byAlert.get(fingerprint);
        if (place?.entry === undefined || place.entry.refreshedAtMs >= nowMs) continue;
        place.entry = { ...place.entry, refreshedAtMs: nowMs };
        markUnsaved(place);
      }
      return true;
    },
    take(taken, asOne) {
      leaveOutOutdated();
      const those = inOrder().filter(({ entry }) => entry !== undefined && taken.includes(entry));
      for (const place of those) remove(place);
      const order = those[0]?.order ?? --front;
      inFlight = { order, entry: asOne };
      store.put('outbox', keyOf(order), { channel, order, sending: true, entry: asOne });
    },
    putBack(left) {
      if (inFlight !== undefined) store.remove('outbox', keyOf(inFlight.order));
      inFlight = undefined;
      leaveOutOutdated();
      for (const entry of left.toReversed()) {
        const same = relatives(entry);
        let rest: Entry | undefined = speakingOf(entry, (fingerprint) => {
          const newer = byAlert.get(fingerprint);
          return newer === undefined || same.includes(newer);
        });
        for (const place of same) {
          if (rest === undefined || place.entry === undefined) continue;
          const { older, newer } = reconcile(rest, place.entry);
          rest = older;
          if (newer !== place.entry) set(place, newer);
        }
        if (rest !== undefined && rest.notification.alerts.length > 0) append(--front, rest);
      }
    },
    replaceAll(change) {
      leaveOutOutdated();
      for (const place of inOrder()) {
        if (place.entry === undefined) continue;
        const next = change(place.entry);
        if (next !== place.entry) set(place, next);
      }
    },
    save,
  };
}
