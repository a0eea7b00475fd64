import type { StoreSample } from '@tidewatch/promql';

/** The bits by which Prometheus knows a stale mark. */
const STALE_BITS = 0x7ff0_0000_0000_0002n;
/** Tag, length, tag, double, tag, and a time of this century in six bytes. */
const SAMPLE_BYTES = 18;

interface Written {
  readonly labels: Buffer;
  readonly samples: Buffer;
  bytes: number;
  /** The collect that last had it. */
  lastCollect: number;
}

/**
 * Gathers collects, and sends them to a Prometheus server by remote write 1.0, ten minutes at a time: a server refuses
 * what is an hour older than its newest sample. A series that a collect lacks gets a stale mark, as in a scrape.
 */
export class RemoteWriter {
  readonly #url: string;
  readonly #series = new Map<object, Written>();
  #collects = 0;

  constructor(url: string) {
    this.#url = `${url}/api/v1/write`;
  }

  /** @param samples - The labels of a series are the same object in every collect. */
  async collect(timeMs: number, samples: readonly StoreSample[]): Promise<void> {
    this.#collects += 1;
    const time = varint(timeMs);
    for (const { labels, value } of samples) {
      const series = this.#written(labels);
      series.lastCollect = this.#collects;
      series.samples.writeDoubleLE(value, putSample(series, time));
    }
    for (const series of this.#series.values()) {
      if (series.lastCollect !== this.#collects - 1) continue;
      series.samples.writeBigUInt64LE(STALE_BITS, putSample(series, time));
    }
    if (this.#collects % COLLECTS_A_REQUEST === 0) await this.flush();
  }

  /** Sends what is gathered. @throws an error with the server's words when it refuses. */
  async flush(): Promise<void> {
    const parts: Buffer[] = [];
    for (const series of this.#series.values()) {
      if (series.bytes === 0) continue;
      const length = varint(series.labels.length + series.bytes);
      parts.push(SERIES_TAG, length, series.labels, series.samples.subarray(0, series.bytes));
      series.bytes = 0;
    }
    if (parts.length === 0) return;
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: asSnappy(Buffer.concat(parts)),
    });
    if (!response.ok) throw new Error(`remote write: HTTP ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  }

  #written(labels: StoreSample['labels']): Written {
    let written = this.#series.get(labels);
    if (written === undefined) {
      const pairs = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
      written = {
        labels: Buffer.concat(
          pairs.map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
        ),
        samples: Buffer.alloc(COLLECTS_A_REQUEST * SAMPLE_BYTES),
        bytes: 0,
        lastCollect: this.#collects,
      };
      this.#series.set(labels, written);
    }
    return written;
  }
}

const COLLECTS_A_REQUEST = 40;
const SERIES_TAG = Buffer.from([0x0a]);

/** Makes room for a sample, and answers where its value goes. */
function putSample(series: Written, time: Buffer): number {
  const { samples, bytes } = series;
  samples[bytes] = 0x12;
  samples[bytes + 1] = SAMPLE_BYTES - 2;
  samples[bytes + 2] = 0x09;
  samples[bytes + 11] = 0x10;
  samples.set(time, bytes + 12);
  series.bytes += SAMPLE_BYTES;
  return bytes + 3;
}

function text(number: number, content: string): Buffer {
  return field(number, Buffer.from(content));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** Snappy's block format without compression: one literal, its length in four bytes. */
function asSnappy(content: Buffer): Buffer<ArrayBuffer> {
  const tag = Buffer.alloc(5);
  tag[0] = 63 << 2;
  tag.writeUInt32LE(content.length - 1, 1);
  return Buffer.concat([varint(content.length), tag, content]);
}
