import { expect, it } from 'vitest';
import { columnSeries } from '../engine/point-columns.ts';
import { writeAnswer, writeLabelSets } from './write-answer.ts';

const remarks = { warnings: [], infos: [] };

it('writes each series with times of its own', () => {
  const values = Float64Array.of(1, 2);
  const result = [
    columnSeries({ a: '1' }, { times: Float64Array.of(1000, 2500), values }),
    columnSeries({ a: '2' }, { times: Float64Array.of(3000, 4000), values, present: Uint8Array.of(0, 1) }),
    { labels: {}, points: [{ timeMs: 5000, value: -Infinity }] },
  ];
  const text = [...writeAnswer({ resultType: 'matrix', result, ...remarks })].join('');
  expect(text).toBe(
    '{"resultType":"matrix","result":[' +
      '{"metric":{"a":"1"},"values":[[1,"1"],[2.500,"2"]]},' +
      '{"metric":{"a":"2"},"values":[[4,"2"]]},' +
      '{"metric":{},"values":[[5,"-Inf"]]}]}',
  );
});

it('writes a long series in pieces', () => {
  const times = Float64Array.from({ length: 11_000 }, (_, at) => at * 1000);
  const pieces = [
    ...writeAnswer({
      resultType: 'matrix',
      result: [columnSeries({}, { times, values: times })],
      ...remarks,
    }),
  ];
  expect(pieces.length).toBeGreaterThan(10);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(17_000);
  expect(JSON.parse(pieces.join(''))).toMatchObject({ result: [{ values: { length: 11_000 } }] });
});

it('writes no series and no label sets as empty lists', () => {
  expect([...writeAnswer({ resultType: 'vector', result: [], ...remarks })].join('')).toBe(
    '{"resultType":"vector","result":[]}',
  );
  expect([...writeLabelSets([])].join('')).toBe('[]');
  expect([...writeLabelSets([{}, Object.fromEntries([['__proto__', 'y']])])].join('')).toBe(
    '[{},{"__proto__":"y"}]',
  );
});
