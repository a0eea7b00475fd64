// Asks the Prometheus on the PATH all golden requests and keeps its answers in golden-answers.json.
//
//   npm run pnpm -- --filter @tidewatch/promql run test:record-golden
import { whyNoReference } from '../fuzz/prometheus-server.ts';
import { askPrometheus } from './ask-prometheus.ts';
import { writeRecording } from './recording.ts';

const missing = whyNoReference();
if (missing !== undefined) {
  console.error(`nothing recorded: ${missing}`);
  process.exit(1);
}
await writeRecording(await askPrometheus());
