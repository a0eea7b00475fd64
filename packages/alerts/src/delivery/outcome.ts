/**
 * What became of one attempt to send. Closed: every channel says one of these, and only a proof of
 * acceptance is `sent`. An answer nobody understands is never a success.
 */
export type Outcome =
  /** Accepted by the service. */
  | { readonly status: 'sent'; readonly receipt?: string }
  /** Not accepted; the same message may be accepted later. */
  | { readonly status: 'retryable'; readonly detail: string; readonly afterMs?: number }
  /** The service wants silence until then. */
  | { readonly status: 'throttled'; readonly detail: string; readonly untilMs: number }
  /** Longer than the service takes: to be split. */
  | {
      readonly status: 'tooLarge';
      readonly detail: string;
      /** `false`: that was seen here, and the service has not counted an attempt. @defaultValue true */
      readonly asked?: boolean;
    }
  /** The service will not carry this text: to be sent once more as plain as possible. */
  | { readonly status: 'rejectedContent'; readonly detail: string }
  /** Nothing will be accepted until a person mends the configuration as the hint says. */
  | { readonly status: 'misconfigured'; readonly hint: string }
  /** The message may have been accepted: the answer was lost. */
  | { readonly status: 'ambiguous'; readonly detail: string }
  /** Some recipients have it. Both lists hold the channel's own keys, never addresses. */
  | {
      readonly status: 'partial';
      readonly ok: readonly string[];
      readonly failed: readonly string[];
      readonly detail: string;
    };

export type OutcomeStatus = Outcome['status'];

/** Every status there is. */
export const outcomeStatuses: readonly OutcomeStatus[] = [
  'sent',
  'retryable',
  'throttled',
  'tooLarge',
  'rejectedContent',
  'misconfigured',
  'ambiguous',
  'partial',
];

/** Whether an answer is an outcome at all; a channel written in JavaScript may answer anything. */
export function isOutcome(answer: unknown): answer is Outcome {
  const { status } = (answer ?? {}) as { status?: OutcomeStatus };
  return status !== undefined && outcomeStatuses.includes(status);
}
