import type { Labels } from '@tidewatch/core';
import type { NotifiedAlert } from '../channels/channel.ts';

/** A group of alerts as another program told it. */
export interface RelayedGroup {
  /** The same for every message about the group: what waits is merged by it. */
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly alerts: readonly NotifiedAlert[];
}
