import { expect, it } from 'vitest';
import { createSilences } from './silences.ts';

const HOUR = 3_600_000;

function at(startMs = 0) {
  let nowMs = startMs;
  const silences = createSilences(() => nowMs);
  return { silences, after: (ms: number) => void (nowMs += ms), now: () => nowMs };
}

it.for([
  // from        until     asked at  quiet  why the row is here
  [undefined, HOUR, 0, true], //           without a beginning it holds at once
  [undefined, HOUR, HOUR - 1, true],
  [undefined, HOUR, HOUR, false], //       the end does not belong to it
  [HOUR, 2 * HOUR, 0, false], //           one for tonight is quiet about today
  [HOUR, 2 * HOUR, HOUR, true],
] as const)('from %s until %i, at %i: quiet is %s', ([fromMs, untilMs, atMs, quiet]) => {
  const { silences } = at();
  silences.add(['pod="a"'], untilMs, 'known', fromMs === undefined ? {} : { fromMs });
  expect(silences.find({ pod: 'a' }, atMs) !== undefined).toBe(quiet);
});

it('lists what was said, and ends what is asked to end, once', () => {
  const { silences, after, now } = at();
  const { id } = silences.add(['pod="a"'], HOUR, 'known', { author: 'li' });
  expect(silences.list()).toMatchObject([{ id, author: 'li', comment: 'known', untilMs: HOUR }]);
  after(HOUR / 2);
  expect([silences.expire(id), silences.expire(id), silences.expire('silence-9')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(silences.list()).toMatchObject([{ id, untilMs: HOUR / 2 }]);
  expect(silences.find({ pod: 'a' }, now())).toBeUndefined();
});

it('ends one that has not begun before it begins', () => {
  const { silences } = at();
  const { id } = silences.add(['pod="a"'], 2 * HOUR, '', { fromMs: HOUR });
  silences.expire(id);
  expect(silences.find({ pod: 'a' }, HOUR)).toBeUndefined();
});

it('forgets five days after the end, and never names two alike', () => {
  const { silences, after } = at();
  silences.add(['pod="a"'], HOUR, '');
  after(121 * HOUR);
  expect(silences.add(['pod="b"'], 200 * HOUR, '').id).toBe('silence-2');
  expect(silences.list().map(({ id }) => id)).toEqual(['silence-2']);
});

it('has a bound: what has ended goes first, then the next one is refused', () => {
  const { silences, after } = at();
  for (let i = 0; i < 1000; i++) silences.add([`pod="${i}"`], i < 5 ? HOUR : 2 * HOUR, '');
  expect(() => silences.add(['pod="z"'], HOUR, '')).toThrow('there are 1000 silences');
  after(HOUR);
  expect(silences.add(['pod="z"'], 3 * HOUR, '').id).toBe('silence-1001');
});

it.for([Number.NaN, Number.POSITIVE_INFINITY])('refuses an end of %s', (untilMs) => {
  expect(() => at().silences.add(['pod="a"'], untilMs, '')).toThrow('needs a time to end');
});
