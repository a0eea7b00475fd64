import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fakeDevice, fakeReport } from '../testing/scripted-gpu-source.ts';
import { replyPacker } from './packed-report.ts';
import { replySplitter } from './reply-splitter.ts';

const pack = replyPacker();
const replies = [1, 2, 3].map((id) => Buffer.from(pack(id, fakeReport(fakeDevice({ index: id })))));
const stream = Buffer.concat(replies);

it('finds the replies however the stream was cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
      const split = replySplitter();
      const ends = [...cuts.toSorted((a, b) => a - b), stream.length];
      const found = ends.flatMap((end, i) => [...split(stream.subarray(ends[i - 1] ?? 0, end))]);
      expect(found).toEqual(replies);
    }),
  );
});

it.for([0, 31, -1, Number.NaN, Infinity, 1e9])('gives up at a reply of %d bytes', (length) => {
  const reply = Buffer.alloc(64);
  reply.writeDoubleLE(length);
  expect(() => replySplitter()(reply)).toThrow('a reply of');
});
