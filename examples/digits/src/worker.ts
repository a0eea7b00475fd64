// One replica: a worker process that classifies handwritten digits.
//
// It runs below a workerPool, which starts it with the path of the trained network and the shared port.
import { createServer } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { createForwardingRecorder } from '@tidewatch/core';
import { serveReplica } from '@tidewatch/scaler/worker-pool';
import { createClassifier } from './model/classify.ts';
import { loadNetwork } from './model/network-file.ts';
import { BodyError } from './server/body-error.ts';
import { parseImage } from './server/parse-image.ts';
import { parseLabels } from './server/parse-labels.ts';

const [networkFile = '', port = '0'] = process.argv.slice(2);
const classify = createClassifier(await loadNetwork(networkFile));
const recorder = createForwardingRecorder();

const app = express();
app.disable('x-powered-by');
app.use(recorder.requestMetrics());
app.use(express.json({ limit: '1mb' }));

app.post('/classify', async (request, response) => {
  const { id, pixels } = parseImage(request.body);
  const read = ({ label, confidence }: ReturnType<typeof classify>) => ({ predicted: label, confidence });
  const { label, confidence } = await recorder.classify(() => classify(pixels), {
    read,
    ...(id === undefined ? {} : { id }),
  });
  response.json({ id, label, confidence });
});

app.post('/labels', (request, response) => {
  const labels = parseLabels(request.body);
  for (const { id, actual } of labels) recorder.label(id, actual);
  response.status(202).json({ accepted: labels.length });
});

const answerFaults: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = (error as { status?: number }).status;
  if (error instanceof BodyError) response.status(400).json({ error: error.message });
  else if (status !== undefined && status < 500) {
    response.status(status).json({ error: (error as Error).message });
  } else next(error);
};
app.use(answerFaults);

await serveReplica(createServer(app), {
  port: Number(port),
  host: '127.0.0.1',
  onDrained: () => recorder.close(),
});
