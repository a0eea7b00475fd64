import { startPrometheusServer } from '../fuzz/prometheus-server.ts';
import { remoteWrite } from '../fuzz/remote-write.ts';
import { nameOf, readAnswer, toRequest, type GoldenAnswer } from './golden-answer.ts';
import { differentRequests, goldenRequests, type GoldenRequest } from './golden-requests.ts';
import { goldenSeries } from './golden-series.ts';
import type { Recording } from './recording.ts';

/** Everything that is asked, whether the answers are to be equal or not. */
const allRequests: readonly GoldenRequest[] = [
  ...Object.values(goldenRequests).flat(),
  ...differentRequests.map(({ request }) => request),
];

/** The answers of a real Prometheus over the golden series. */
export async function askPrometheus(): Promise<Recording> {
  await using server = await startPrometheusServer({
    flags: ['--storage.tsdb.retention.time=100y', '--web.enable-remote-write-receiver'],
  });
  await remoteWrite(server.url, goldenSeries);
  const answers: Record<string, GoldenAnswer> = {};
  for (const request of allRequests) {
    answers[nameOf(request)] = await readAnswer(await fetch(toRequest(request, server.url)));
  }
  return answers;
}
