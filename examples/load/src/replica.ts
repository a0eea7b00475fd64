// One replica of the Express example: the same model, below a workerPool.
import { createServer } from 'node:http';
import express from 'express';
import { createForwardingRecorder } from '@tidewatch/core';
import { serveReplica } from '@tidewatch/scaler/worker-pool';
import { classify } from '../../express/src/model.ts';

const recorder = createForwardingRecorder();
const app = express();
app.use(recorder.requestMetrics());
app.use(express.json());
app.post('/classify', async (request, response) => {
  const { id, text } = request.body;
  response.json(await recorder.classify(() => classify(text), { id }));
});

const replica = await serveReplica(createServer(app), {
  port: Number(process.env['PORT'] ?? 3000),
  host: '127.0.0.1',
  onDrained: () => recorder.close(),
});
process.send?.({ servesPort: replica.port });
