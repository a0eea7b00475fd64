import * as vocabulary from './query-vocabulary.ts';
import { DATA_SPAN_MS, DATA_START_MS } from './random-series.ts';
import type { Random } from './random.ts';

/** What a query may still spend: deep subqueries inside range queries grow by multiplication. */
interface Room {
  readonly depth: number;
  readonly subqueries: number;
}

/** One query as the HTTP API takes it. */
export interface FuzzQuery {
  readonly expr: string;
  /** Instant queries have `startMs === endMs` and no step. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs?: number;
}

/** A query of correct types over the series of `randomSeries`; it may still fail when evaluated. */
export function randomQuery(random: Random): FuzzQuery {
  const room = { depth: 1 + random.below(4), subqueries: 2 };
  const startMs = randomTime(random);
  if (random.chance(0.6)) {
    const expr = random.chance(0.03) ? matrix(random, room) : topLevel(random, room);
    return { expr, startMs, endMs: startMs };
  }
  const stepMs = random.pick([15_000, 60_000, 60_000, 7_000, 300_000, 1_234]);
  const endMs = startMs + random.below(25) * stepMs + random.below(2) * random.below(stepMs);
  return { expr: topLevel(random, room), startMs, endMs, stepMs };
}

function topLevel(random: Random, room: Room): string {
  return random.chance(0.06) ? scalar(random, room) : vector(random, room);
}

function randomTime(random: Random): number {
  const afterMs = random.below(DATA_SPAN_MS + 10 * 60_000);
  // On the samples' own times the bounds of windows show.
  return DATA_START_MS + (random.chance(0.5) ? afterMs - (afterMs % 15_000) : afterMs);
}

function vector(random: Random, room: Room): string {
  if (room.depth <= 0) return selector(random);
  const inner = { ...room, depth: room.depth - 1 };
  const dice = random.next();
  if (dice < 0.12) return selector(random);
  if (dice < 0.42) return call(random, inner);
  if (dice < 0.62) return aggregation(random, inner);
  if (dice < 0.9) return binary(random, inner);
  if (dice < 0.93) return `${random.pick(['-', '-', '+'])}${atom(random, inner)}`;
  if (dice < 0.95) return `vector(${scalar(random, inner)})`;
  if (dice < 0.98) return relabel(random, inner);
  return random.pick([
    'hour()',
    'minute()',
    'day_of_year()',
    'year()',
    'vector(time())',
    `(${vector(random, inner)})`,
  ]);
}

/** A vector that stands as an operand without changing what binds. */
function atom(random: Random, room: Room): string {
  return `(${vector(random, room)})`;
}

function scalar(random: Random, room: Room): string {
  const dice = random.next();
  if (room.depth <= 0 || dice < 0.5) return random.pick(vocabulary.NUMBERS);
  const inner = { ...room, depth: room.depth - 1 };
  if (dice < 0.6) return 'time()';
  if (dice < 0.65) return 'pi()';
  if (dice < 0.8) return `scalar(${vector(random, inner)})`;
  if (dice < 0.85) return `-(${scalar(random, inner)})`;
  const operator = random.chance(0.8)
    ? random.pick(vocabulary.ARITHMETIC)
    : `${random.pick(vocabulary.COMPARISON)} bool`;
  const right = operator === '%' ? random.pick(vocabulary.NUMBERS) : scalar(random, inner);
  return `((${scalar(random, inner)}) ${operator} (${right}))`;
}

function selector(random: Random): string {
  return random.pick(vocabulary.SELECTORS) + modifiers(random);
}

function modifiers(random: Random): string {
  const dice = random.next();
  if (dice < 0.75) return '';
  const offset = `offset ${random.pick(['', '', '-'])}${random.pick(vocabulary.DURATIONS)}`;
  const at = `@ ${random.pick([String(randomTime(random) / 1000), 'start()', 'end()'])}`;
  if (dice < 0.88) return ` ${offset}`;
  if (dice < 0.95) return ` ${at}`;
  return random.chance(0.5) ? ` ${offset} ${at}` : ` ${at} ${offset}`;
}

function matrix(random: Random, room: Room): string {
  if (room.subqueries <= 0 || random.chance(0.75)) {
    return `${random.pick(vocabulary.SELECTORS)}[${random.pick(vocabulary.DURATIONS)}]${modifiers(random)}`;
  }
  const inner = { depth: Math.min(room.depth, 2), subqueries: room.subqueries - 1 };
  const body = random.chance(0.1) ? scalar(random, inner) : vector(random, inner);
  return `(${body})[${random.pick(vocabulary.SUBQUERY_SPANS)}]${modifiers(random)}`;
}

function call(random: Random, room: Room): string {
  const shapes = Object.keys(vocabulary.FUNCTIONS);
  const shape = random.chance(0.5) ? 'm' : random.pick(shapes);
  const name = random.pick(vocabulary.FUNCTIONS[shape] as readonly string[]);
  if (name === 'histogram_quantile' && random.chance(0.8)) {
    const buckets = `latency_seconds_bucket${modifiers(random)}`;
    const body = random.pick([buckets, 'rate(latency_seconds_bucket[10m])', `sum by (le, job) (${buckets})`]);
    return `${name}(${fraction(random)}, ${body})`;
  }
  const given: Readonly<Record<string, () => string>> = {
    v: () => vector(random, room),
    s: () => scalar(random, room),
    q: () => fraction(random),
    // What Go makes of infinities and NaN as a date depends on the processor.
    d: () => `${atom(random, room)} > -1e11 < 1e11`,
    // Of a large angle the last digit of the angle is the first of the sine.
    p: () => `${atom(random, room)} > -1e4 < 1e4`,
    m: () => matrix(random, room),
  };
  return `${name}(${shape
    .split('')
    .map((kind) => given[kind]?.())
    .join(', ')})`;
}

function fraction(random: Random): string {
  return random.pick(['0', '0.5', '0.9', '0.99', '1', '0.25', '0.1', '-1', '1.5', 'NaN', 'scalar(alone)']);
}

function aggregation(random: Random, room: Room): string {
  const grouping = random.chance(0.3)
    ? ''
    : ` ${random.pick(['by', 'by', 'without'])} (${random.some(vocabulary.LABELS).join(', ')}) `;
  const body = vector(random, room);
  const dice = random.next();
  if (dice < 0.7) return `${random.pick(vocabulary.AGGREGATIONS)}${grouping}(${body})`;
  if (dice < 0.85) {
    const k = random.pick(['1', '2', '3', '5', '0', '-1', '2.9', '1e9', 'scalar(alone)', 'time()', 'NaN']);
    return `${random.pick(['topk', 'bottomk'])}${grouping}(${k}, ${body})`;
  }
  if (dice < 0.93) return `quantile${grouping}(${fraction(random)}, ${body})`;
  // The label shows all digits, and the last one of a logarithm or power is the mathematics library's.
  const counted = random.chance(0.5) ? selector(random) : `round(${body}, 0.01)`;
  return `count_values${grouping}("${random.pick(['value', 'job'])}", ${counted})`;
}

function relabel(random: Random, room: Room): string {
  const body = vector(random, room);
  const target = random.pick(['job', 'team', 'made', 'instance', '__name__']);
  const source = random.pick(vocabulary.LABELS);
  if (random.chance(0.4)) {
    return `label_join(${body}, "${target}", "${random.pick(['-', '', '/'])}", "job", "${source}")`;
  }
  const [pattern, value] = random.pick([
    ['(.*)', '$1'],
    ['(.).*', 'x$1'],
    ['', 'empty'],
    ['(?P<first>[a-z]+)(.*)', '${first}_$2'],
    ['.*', ''],
    ['a.*', '$1_x'],
    ['nope', 'never'],
    ['(.*)', 'same'],
  ] as const);
  return `label_replace(${body}, "${target}", "${value}", "${source}", "${pattern}")`;
}

function binary(random: Random, room: Room): string {
  const left = atom(random, room);
  const dice = random.next();
  if (dice < 0.3) {
    const operator = random.chance(0.6) ? random.pick(vocabulary.ARITHMETIC) : comparison(random);
    // The remainder of a division by an inexact number is all rounding.
    const number = `(${operator === '%' ? random.pick(vocabulary.NUMBERS) : scalar(random, room)})`;
    return operator === '%' || random.chance(0.6)
      ? `${left} ${operator} ${number}`
      : `${number} ${operator} ${left}`;
  }
  const right = random.chance(0.2) ? left : atom(random, room);
  if (dice < 0.55) return `${left} ${random.pick(vocabulary.SET)}${matching(random)} ${right}`;
  const operator = random.chance(0.6) ? random.pick(vocabulary.ARITHMETIC) : comparison(random);
  if (operator === '%') return `${left} %${matching(random)} (${selector(random)})`;
  const isJoin = random.chance(0.35);
  if (isJoin)
    return `${left} ${operator} on (job) ${group(random)} ${random.chance(0.6) ? '(job_info)' : right}`;
  return `${left} ${operator}${matching(random)} ${right}`;
}

function comparison(random: Random): string {
  return random.pick(vocabulary.COMPARISON) + (random.chance(0.5) ? ' bool' : '');
}

function matching(random: Random): string {
  if (random.chance(0.4)) return '';
  return ` ${random.pick(['on', 'ignoring'])} (${random.some(vocabulary.LABELS.slice(0, 5)).join(', ')})`;
}

function group(random: Random): string {
  return `${random.pick(['group_left', 'group_left', 'group_right'])} (${random.some(['team', 'code']).join(', ')})`;
}
