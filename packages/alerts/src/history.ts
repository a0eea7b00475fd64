import type { AlertInstance } from './rules/alert-instance.ts';
import type { StateStore } from './store/state-store.ts';

/** What has been: the alerts that resolved last, and which channels have accepted a message about an alert. */
export interface History {
  /** Newest first. */
  resolved(): readonly AlertInstance[];
  addResolved(instance: AlertInstance): void;
  /** @returns whether this channel had accepted one before */
  addDelivery(fingerprint: string, startsAtMs: number, channel: string): boolean;
  deliveredTo(instance: AlertInstance): readonly string[];
}

const MAX_RESOLVED = 100;
/** Alerts of which it is remembered who has been told. */
const MAX_DELIVERIES = 20_000;

/** Both lists are bounded; the oldest is forgotten first. */
export function createHistory(store: StateStore): History {
  const resolved = [...store.rows('resolved').values()].toReversed();
  const deliveries = new Map(
    [...store.rows('delivered')].map(([key, { channels }]) => [key, new Set(channels)]),
  );

  function forget(key: string): void {
    if (deliveries.delete(key)) store.remove('delivered', key);
  }

  return {
    resolved: () => resolved,
    addResolved(instance) {
      resolved.unshift(instance);
      store.put('resolved', `${episodeOf(instance)}~${instance.resolvedAtMs}`, instance);
      for (const old of resolved.splice(MAX_RESOLVED)) {
        store.remove('resolved', `${episodeOf(old)}~${old.resolvedAtMs}`);
        forget(episodeOf(old));
      }
    },
    addDelivery(fingerprint, startsAtMs, channel) {
      const key = `${fingerprint}@${startsAtMs}`;
      const channels = deliveries.get(key) ?? new Set();
      const isKnown = channels.has(channel);
      if (isKnown) return true;
      deliveries.set(key, channels.add(channel));
      store.put('delivered', key, { channels: [...channels] });
      // A message may arrive after its alert is forgotten: the bound does not depend on forgetting.
      const [oldest] = deliveries.keys();
      if (deliveries.size > MAX_DELIVERIES && oldest !== undefined) forget(oldest);
      return false;
    },
    deliveredTo: (instance) => [...(deliveries.get(episodeOf(instance)) ?? [])],
  };
}

/** One raising of an alert, from its fire on: the same labels may fire again later. */
export function episodeOf({
  fingerprint,
  firedAtMs,
  activeAtMs,
}: Pick<AlertInstance, 'fingerprint' | 'firedAtMs' | 'activeAtMs'>): string {
  return `${fingerprint}@${firedAtMs ?? activeAtMs}`;
}
