import { labelSet, type LabelSet } from '../../labels/label-set.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

export function writeLabels(writer: ByteWriter, { names, values }: LabelSet): void {
  writer.varint(names.length);
  for (const [at, name] of names.entries()) {
    writer.text(name);
    writer.text(values[at] ?? '');
  }
}

/** @param texts - Texts seen so far: series share most of theirs. */
export function readLabels(reader: ByteReader, texts: Map<string, string>): LabelSet {
  const shared = (): string => {
    const text = reader.text();
    const known = texts.get(text) ?? text;
    texts.set(known, known);
    return known;
  };
  const pairs: [string, string][] = [];
  for (let left = reader.varint(); left > 0; left--) pairs.push([shared(), shared()]);
  return labelSet(pairs);
}
