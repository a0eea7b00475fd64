import type { Labels } from '@tidewatch/core';
import type { LocalText } from '../text/catalogue.ts';

/** One decision of an autoscaler, as the page shows it. Decisions to change nothing belong here too. */
export interface DecisionView {
  readonly timeMs: number;
  readonly action: 'up' | 'down' | 'hold';
  /** Replicas before. */
  readonly from: number;
  /** Replicas asked for. */
  readonly to: number;
  /** Why, in a sentence. */
  readonly sentence: LocalText;
}

/** One alert, as the page shows it. */
export interface AlertView {
  readonly name: string;
  readonly state: 'pending' | 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  /** Present value of the rule's expression. Absent when it has none. */
  readonly value?: number | undefined;
  readonly activeAtMs: number;
  readonly resolvedAtMs?: number | undefined;
  /** Names of the channels that accepted a notification. */
  readonly deliveredTo: readonly string[];
}

/** A sentence for the head of the page, such as why there are no GPU readings. */
export interface Notice {
  readonly text: LocalText;
}
