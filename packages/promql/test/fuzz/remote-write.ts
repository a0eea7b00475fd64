import type { FixtureSeries } from '../../src/testing/index.ts';

/** The bits by which Prometheus knows a stale mark. JavaScript may rewrite them when they pass as a number. */
const STALE_BITS = 0x7ff0_0000_0000_0002n;
const BATCH_MS = 10 * 60_000;

/**
 * Writes series into a Prometheus server over remote write 1.0, one request for each ten minutes of samples:
 * a fresh server refuses samples an hour older than its newest.
 *
 * @throws {@link Error} with the server's words when it refuses a request.
 */
export async function remoteWrite(url: string, series: readonly FixtureSeries[]): Promise<void> {
  const times = series.flatMap(({ t }) => t);
  const lastMs = Math.max(...times);
  for (let fromMs = Math.min(...times); fromMs <= lastMs; fromMs += BATCH_MS) {
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: asSnappy(writeRequest(series, fromMs, fromMs + BATCH_MS)),
    });
    if (!response.ok) throw new Error(`remote write: HTTP ${response.status}: ${await response.text()}`);
  }
}

/** The message `WriteRequest` with the samples in `[fromMs, toMs)`. */
function writeRequest(series: readonly FixtureSeries[], fromMs: number, toMs: number): Buffer<ArrayBuffer> {
  const messages: Buffer[] = [];
  for (const { labels, t, v, stale } of series) {
    const samples = t.flatMap((timeMs, at) =>
      timeMs >= fromMs && timeMs < toMs
        ? [field(2, sample(timeMs, v[at] as number, stale?.[at] === true))]
        : [],
    );
    if (samples.length === 0) continue;
    const names = Object.keys(labels).toSorted();
    const pairs = names.map((name) => field(1, label(name, labels[name] as string)));
    messages.push(field(1, Buffer.concat([...pairs, ...samples])));
  }
  return Buffer.concat(messages);
}

function label(name: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]);
}

function sample(timeMs: number, value: number, isStale: boolean): Buffer {
  const number = Buffer.alloc(8);
  if (isStale) number.writeBigUInt64LE(STALE_BITS);
  else number.writeDoubleLE(value);
  return Buffer.concat([Buffer.from([(1 << 3) | 1]), number, Buffer.from([2 << 3]), varint(timeMs)]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

/** Protobuf's and snappy's variable-length number, for non-negative integers up to 2^53. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** The snappy block format without compression: literals only. */
function asSnappy(content: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [varint(content.length)];
  for (let at = 0; at < content.length; at += 0x1_0000) {
    const piece = content.subarray(at, at + 0x1_0000);
    // Tag 61 in the upper six bits: the length less one follows in two bytes.
    const tag = Buffer.from([61 << 2, (piece.length - 1) & 0xff, (piece.length - 1) >> 8]);
    parts.push(tag, piece);
  }
  return Buffer.concat(parts);
}
