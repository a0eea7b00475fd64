// One scrape through our handler and through OpenTelemetry's Prometheus exporter.
import assert from 'node:assert/strict';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  createClassifierMonitor,
  openMetricsHandler,
  requestMetrics,
  type MetricProducer,
} from '@tidewatch/core';
import { holdBars } from '../../../bench/support/bars.ts';
import { compare, longestTurn } from '../../../bench/support/measure.ts';
import { report, type Row } from '../../../bench/support/report.ts';
import { seeded } from '../../../bench/support/seeded.ts';

/** What the specification of this package asks for. */
const TIMES_FASTER = 5;

/** Every sample with its labels in one order; our own health is left out: the peer has no such lines. */
function samples(text: string): string[] {
  return text
    .split('\n')
    .filter(
      (line) => line !== '' && !line.startsWith('#') && !/^tidewatch_(collect|exposition|core)_/.test(line),
    )
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => labels.split(',').toSorted().join()))
    .toSorted();
}

interface Scene {
  readonly what: string;
  readonly ours: MetricProducer;
  /** Reads the same producer unless it is given. */
  readonly theirs?: PrometheusExporter;
  /** Something happens between two scrapes, so that nothing can be kept from the last one. */
  readonly happen: () => void;
}

async function scrapeOf({ what, ours: producer, theirs, happen }: Scene): Promise<Row> {
  const handler = openMetricsHandler([producer]);
  const exporter =
    theirs ?? new PrometheusExporter({ preventServerStart: true, metricProducers: [producer] });
  const provider = theirs === undefined ? new MeterProvider({ readers: [exporter] }) : undefined;
  // No prefix, no timestamps, no resource labels, no target_info, no scope_info: what our handler writes.
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const ours = async (): Promise<Uint8Array> =>
    (await handler(new Request('http://host/')))?.bytes() ?? new Uint8Array();
  const serialize = async (): Promise<Uint8Array> =>
    Buffer.from(serializer.serialize((await exporter.collect()).resourceMetrics));

  happen();
  const scraped = samples(new TextDecoder().decode(await ours()));
  assert.deepEqual(scraped, samples(new TextDecoder().decode(await serialize())));
  const [here = Number.NaN, there = Number.NaN] = await compare([
    { run: () => (happen(), ours()) },
    { run: () => (happen(), serialize()) },
  ]);
  await provider?.shutdown();
  const count = scraped.length.toLocaleString('en');
  return {
    what: `${what}: ${count} samples`,
    unit: 'ms',
    here,
    peer: { name: 'PrometheusExporter', value: there },
  };
}

function classifier(classCount: number): Scene {
  const random = seeded(2);
  const classes = Array.from({ length: classCount }, (_, index) => `class-${index}`);
  const monitor = createClassifierMonitor({ model: 'bench', classes });
  const pick = (): string => classes[Math.floor(random() * classCount)]!;
  const happen = (): void =>
    monitor.record({ predicted: pick(), actual: pick(), durationSeconds: random(), confidence: random() });
  for (let event = 0; event < 50_000; event++) happen();
  return { what: `monitor of ${classCount} classes`, ours: monitor.metricProducer, happen };
}

/** The same requests, counted by our middleware and by one instrument of the SDK. */
function histograms(seriesCount: number): Scene {
  const requests = requestMetrics({ maxSeries: seriesCount });
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter('bench');
  const count = meter.createCounter('http_requests_total');
  const refused = meter.createCounter('tidewatch_http_series_refused_total');
  const duration = meter.createHistogram('http_server_request_duration_seconds', {
    advice: {
      explicitBucketBoundaries: [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
      ],
    },
  });
  const random = seeded(3);
  const series = Array.from({ length: seriesCount }, (_, index) => ({
    method: 'GET',
    route: `/api/v1/things/:thing/parts/${index}`,
    code: '200',
  }));
  refused.add(0);
  const happen = (): void => {
    for (const labels of series) {
      const durationSeconds = Math.round(random() * 1024) / 1024; // sums are equal in any order
      requests.observe({ ...labels, durationSeconds });
      count.add(1, labels);
      duration.record(durationSeconds, labels);
    }
  };
  happen();
  const what = `${seriesCount.toLocaleString('en')} histogram series`;
  // Observing is not part of a scrape: one request is answered between two of them.
  let next = 0;
  const move = (): void => {
    const labels = series[next++ % series.length]!;
    requests.observe({ ...labels, durationSeconds: 0.5 });
    count.add(1, labels);
    duration.record(0.5, labels);
  };
  return { what, ours: requests.metricProducer, theirs: exporter, happen: move };
}

const many = histograms(1_900);
const rows = [await scrapeOf(many), await scrapeOf(classifier(10)), await scrapeOf(classifier(50))];
const handler = openMetricsHandler([many.ours]);
const turnMs = await longestTurn(async () => (await handler(new Request('http://host/')))?.bytes());
rows.push({
  what: 'longest turn of the event loop in a scrape of 1,900 histogram series',
  unit: 'ms',
  here: turnMs,
});
report({
  name: 'core-scrape',
  title: 'core: one scrape',
  rows,
  notes: [
    'Histogram series: our middleware beside a counter and a histogram of the OpenTelemetry SDK, fed the same requests.',
    'Monitors: both collect the same producer, which is most of the work. All write Prometheus text, up to the bytes for the socket.',
    'Before timing, every sample of the two texts was equal; between two scrapes something is counted.',
  ],
});
const [first] = rows;
holdBars([
  {
    what: 'times faster than the exporter, 1,900 histogram series',
    value: (first?.peer?.value ?? Number.NaN) / (first?.here ?? Number.NaN),
    atLeast: TIMES_FASTER,
  },
  { what: 'longest turn of the event loop, ms', value: turnMs, atMost: 5 },
]);
process.exit();
