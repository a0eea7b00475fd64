import type { OutcomeStatus } from '@tidewatch/alerts';
import type { ConfigErrorCode } from '@tidewatch/core';
import type { PromqlErrorCode } from '@tidewatch/promql';
import type {
  ConfigWarningCode,
  DownReason,
  EndpointError,
  HoldReason,
  StateError,
  UpReason,
} from '@tidewatch/scaler';
import type { TargetError } from '@tidewatch/scaler/webhook';
import type { WorkerPoolError } from '@tidewatch/scaler/worker-pool';
import type { GpuReason } from '../../packages/gpu/src/monitor/gpu-status.ts';
import { reasonText } from '../../packages/gpu/src/monitor/reason-text.ts';
import { table } from './markdown.ts';

/** What a code means, and what to do. A union as the key leaves no code out: the type check says so. */
type Meanings<Code extends string> = Readonly<Record<Code, readonly [means: string, todo: string]>>;

const config: Meanings<ConfigErrorCode> = {
  unreadable: ['A file that was named cannot be read.', 'Check the path and its permissions.'],
  syntax: [
    'Not YAML, not a duration, not a matcher, not PromQL.',
    'Mend the text at the place that is named.',
  ],
  'unknown-key': ['A key that is not known here.', 'Take the nearest key that is offered, or remove it.'],
  'wrong-type': ['A value of another kind than expected.', 'Write the kind that the message names.'],
  'missing-key': ['A key that has to be there is not.', 'Add it.'],
  'out-of-range': [
    'A number or word outside what is allowed.',
    'Stay within the bounds that the message names.',
  ],
  contradiction: ['Two values that cannot both hold.', 'Keep one of the two that the message names.'],
};

const promql: Meanings<PromqlErrorCode> = {
  parse: ['Not PromQL, or the types do not fit.', 'Mend the expression at the place that is named.'],
  execution: [
    'The data do not allow it, such as a many-to-many match.',
    'Aggregate or match on more labels.',
  ],
  unsupported: [
    'Valid PromQL that this engine does not evaluate; it never guesses a number.',
    'See [promql.md](promql.md), or ask a Prometheus server: `source: prometheus({ url })`.',
  ],
  limit: [
    'More samples, series or steps than one query may touch.',
    'Ask for less, or raise `limits` of `createEngine`.',
  ],
  timeout: [
    'It took longer than `limits.timeoutMs`, or the server did not answer in time.',
    'Ask for less, or raise the limit.',
  ],
  canceled: ['The caller gave up.', 'Nothing.'],
  unavailable: [
    'A Prometheus server could not be reached, or answered something else.',
    'Check that it runs at the `url`.',
  ],
};

const endpoint: Meanings<EndpointError['code']> = {
  unreachable: [
    'No connection to the `endpoint` of a metric.',
    'Check the address, and that the server runs.',
  ],
  'http-status': ['It answered with an HTTP error.', 'Check path and credentials in the address.'],
  refused: ['It refused the query; its own words follow.', 'Mend the `query` of the metric.'],
  'not-prometheus': [
    'It answered, but not as a Prometheus instant query API does.',
    'The path is usually `/api/v1/query`.',
  ],
};

const state: Meanings<StateError['code']> = {
  damaged: [
    'The saved state is not what was saved.',
    'Delete the file: replicas stay as they are, and none is removed for one cooldown.',
  ],
  unreadable: ['The saved state cannot be read.', 'Check the path and its permissions.'],
  'unknown-version': ['The state was written by a later version.', 'Update, or delete the file.'],
};

const target: Meanings<TargetError['code']> = {
  unreachable: ['The target gave no answer.', 'Check that it runs, and the address or socket.'],
  refused: [
    'It answered, and refused.',
    'Check credentials and permissions; the message names the HTTP status.',
  ],
  'not-found': ['What is to be scaled does not exist.', 'Check namespace and name, or the image.'],
  conflict: ['Somebody else has changed the number at the same time.', 'Let only one program scale it.'],
  'bad-answer': ['The answer is not what was agreed.', 'Mend what the message names.'],
  'bad-count': ['Not a whole number of replicas.', 'Give a whole number from 0.'],
  'crash-loop': ['New replicas crash before they are ready.', 'Read their log.'],
  'command-failed': [
    'The command ended with another exit status than 0, or took too long.',
    'Run it by hand; its output is not logged, since it may hold secrets.',
  ],
};

const workerPool: Meanings<WorkerPoolError['code']> = {
  'not-primary': [
    '`workerPool` was called in a process that is itself a replica.',
    'Call it in the process that starts the replicas.',
  ],
  'no-round-robin': [
    'Connections are handed out by the operating system, which loses some when a replica stops.',
    'Unset `NODE_CLUSTER_SCHED_POLICY`.',
  ],
  'script-unreadable': ['The `script` cannot be read.', 'Give its path or a `file:` URL.'],
  'bad-count': ['Not a whole number of replicas.', 'Give a whole number from 0.'],
  'crash-loop': [
    'Replicas crash before they are ready.',
    'Read the log of the script; it is started again, more and more slowly.',
  ],
  'port-taken': [
    'Another pool of this process listens on the port.',
    'Give each pool a port of its own, and not 0.',
  ],
  closed: ['The pool is closed.', 'Make a new one.'],
};

const outcomes: Meanings<OutcomeStatus> = {
  sent: ['The service accepted the message.', 'Nothing.'],
  retryable: ['Not accepted; it may be later.', 'Nothing: it is tried again, more and more slowly.'],
  throttled: [
    'The service wants silence for a while.',
    'Group more, or lengthen `group_interval`. What waits is merged into a digest.',
  ],
  tooLarge: ['Longer than the service takes.', 'Nothing: it is split.'],
  rejectedContent: [
    'The service will not carry this text.',
    'Nothing: it is sent once more, as plain as possible. Then mend the annotation.',
  ],
  misconfigured: [
    'Nothing will be accepted until a person mends the configuration.',
    'Do what the hint in the log says.',
  ],
  ambiguous: [
    'The answer was lost: the message may have arrived.',
    'Nothing: it is sent again and marked as possibly repeated.',
  ],
  partial: ['Some recipients have it.', 'Nothing: the others are tried again.'],
};

const warnings: Meanings<ConfigWarningCode> = {
  'rate-of-gauge': ['`rate()` over a gauge: nearly always 0.', 'Take the mended query from the message.'],
  'total-that-scaling-cannot-lower': [
    'The value is compared as a total, and more replicas do not lower it: every step adds more, up to the maximum.',
    'Write `per: replica`.',
  ],
  'thresholds-too-close': [
    'A step down would put the rest above the up threshold; such steps are held.',
    'Lower the down threshold as the message says.',
  ],
  'share-of-what-does-not-add-up': [
    'A mean or a quantile is divided by the replicas: the more there are, the idler it looks.',
    'Write `per: total`.',
  ],
  'threshold-never-crossed': [
    'No load is below the down threshold, or every load above the up threshold: replicas only ever go up.',
    'Raise the threshold that is named above 0.',
  ],
  'window-applies-to-first-metric': [
    'The thresholds of a time window name no metric, and apply to the first.',
    'Write `thresholds: { NAME: { up: …, down: … } }`.',
  ],
  'windows-overlap': [
    'Two time windows overlap; the first of the list applies there.',
    'Nothing if that is meant; else change their times.',
  ],
};

const decisions: Meanings<UpReason | DownReason | HoldReason> = {
  'above-threshold': ['Up: a metric is above its `scale_up_threshold`.', 'Nothing.'],
  'below-minimum': ['Up: there are fewer replicas than `min_replicas`.', 'Nothing.'],
  'all-below': ['Down: all metrics are below their `scale_down_threshold`.', 'Nothing.'],
  surplus: ['Down: the latency is kept with fewer, and for the last minutes it was.', 'Nothing.'],
  'load-needs-more': ['Up: the present load is late with so few.', 'Nothing.'],
  'ramps-need-more': [
    'Up: what this load has done within a start-up before would be late with so few.',
    'Nothing; a shorter start-up needs less room.',
  ],
  'forecast-needs-more': ['Up: a forecast that has been worth it expects more.', 'Nothing.'],
  'enough-replicas': ['Hold: the latency objective asks for just as many.', 'Nothing.'],
  'recently-needed': ['Hold: as many were needed minutes ago.', 'Nothing.'],
  'latency-unreachable': [
    'Hold: even an idle replica is slower than the latency objective for one request in a hundred.',
    'Raise `max_latency`, or make a replica faster.',
  ],
  'above-maximum': ['Down: there are more replicas than `max_replicas`.', 'Nothing.'],
  'within-thresholds': ['Hold: the metrics ask for nothing.', 'Nothing.'],
  'metric-unknown': [
    'Hold: never down on a metric that is not known.',
    'Look at the metric that is named: missing, stale, not a number, several series, or its query failed.',
  ],
  'all-set-aside': [
    'Hold: none of the metrics exists on this machine.',
    'Add a metric that does, such as requests per second.',
  ],
  cooldown: ['Hold: the last step was too recent.', 'Shorten `cooldown` if replicas idle for long.'],
  'at-maximum': [
    'Hold: more are wanted, and `max_replicas` is reached.',
    'Raise it, or make a replica faster.',
  ],
  'at-minimum': ['Hold: fewer would do, and `min_replicas` is reached.', 'Nothing.'],
  'would-flap': [
    'Hold: fewer replicas would be above the up threshold again.',
    'Put the thresholds further apart.',
  ],
  'replicas-starting': ['Hold: replicas are on their way.', 'Nothing, unless they never get ready.'],
  'replicas-draining': [
    'Hold: replicas are on their way out.',
    'Nothing, unless they never end: `drainTimeoutMs`.',
  ],
  'replicas-failing': [
    'Hold: replicas that were added crash or do not become ready; attempts grow rare.',
    'Read the log of the replicas.',
  ],
  rollout: ['Hold: replicas are being replaced by a new version, and none is removed meanwhile.', 'Nothing.'],
  'clock-stepped': [
    'Hold: the system clock was set; nothing is changed for one round.',
    'Nothing, unless it happens often: look at the time synchronisation.',
  ],
  'not-leader': ['Hold: another controller of the same target holds the lease.', 'Nothing.'],
};

/** The order of the page; the type leaves none out, and the texts are those of the package. */
const gpuReasons: Readonly<Record<GpuReason, true>> = {
  off: true,
  'no-gpu': true,
  'gpu-without-library': true,
  'library-not-found': true,
  'library-unusable': true,
  'ffi-not-installed': true,
  'ffi-not-allowed': true,
  'helper-not-allowed': true,
  'unsupported-platform': true,
  'driver-not-loaded': true,
  'no-devices': true,
  'none-selected': true,
  suspended: true,
  'smi-not-found': true,
  'smi-not-allowed': true,
  'driver-mismatch': true,
  'container-lost-devices': true,
  'no-permission': true,
  'devices-lost': true,
  'devices-denied': true,
  'read-timed-out': true,
  'driver-failed': true,
  'source-failed': true,
  'helper-not-started': true,
  'helper-crashed': true,
  'helper-stuck': true,
  'helper-gave-up': true,
  closed: true,
};

/** docs/reference/errors.md: every code that an error, a warning or a decision may carry. */
export function errorsPage(): string {
  return [
    '# Errors, warnings and reasons',
    '',
    'Generated by `npm run pnpm -- run reference`; do not edit. Every error has a closed `code`; the message says what,',
    'where, what was expected and what to do, and holds no address, token or phone number.',
    '',
    section(
      'ConfigError',
      'Of every package, thrown at construction and never later. `issues` lists all faults; `code` is that of the first.',
      config,
    ),
    section('PromqlError', 'Of `@tidewatch/promql`: a query that has no answer.', promql),
    section(
      'TargetError',
      'Of the targets `kubernetes`, `keda`, `docker`, `webhook` and `command`. It is in `status().lastError`, and the next round tries again.',
      target,
    ),
    section('WorkerPoolError', 'Of `@tidewatch/scaler/worker-pool`.', workerPool),
    section(
      'StateError',
      'Of `@tidewatch/scaler`: logged, and the autoscaler goes on without a state.',
      state,
    ),
    section(
      'EndpointError',
      'Of `@tidewatch/scaler`: the `endpoint` of a metric gave no answer. It makes the metric unknown, and an unknown metric never removes a replica.',
      endpoint,
    ),
    section(
      'Outcomes of a channel',
      'Of `@tidewatch/alerts`: the `status` that `send` answers, counted in `alerts_notifications_total{outcome}`.',
      outcomes,
    ),
    section(
      'Warnings about config.yaml',
      'Of `@tidewatch/scaler`: what loads and is likely a mistake. `autoscaler check` prints them with line and column.',
      warnings,
    ),
    section(
      'Reasons of a decision',
      'Of `@tidewatch/scaler`: why replicas were added, removed or left, counted in `autoscaler_decisions_total{direction,reason}`.',
      decisions,
    ),
    section(
      'Reasons of the GPU monitor',
      'Of `@tidewatch/gpu`: why readings are missing. Nothing is thrown; the page and one line of the log say it.',
      Object.fromEntries(
        Object.keys(gpuReasons).map((reason) => {
          const { text, hint } = reasonText(reason as GpuReason, 'en');
          return [reason, [sentence(text), sentence(hint)] as const];
        }),
      ),
    ),
  ].join('\n');
}

function section(title: string, about: string, meanings: Meanings<string>): string {
  const rows = Object.entries(meanings).map(([code, [means, todo]]) => [`\`${code}\``, means, todo]);
  return [`## ${title}`, '', about, '', table(['code', 'means', 'what to do'], rows)].join('\n');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
