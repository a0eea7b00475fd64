import express from 'express';
import { createTidewatch } from 'tidewatch';
import { classify, languages } from './model.ts';

const watch = await createTidewatch({ model: 'languages', classes: languages });
const app = express();
app.use(watch.requests, watch.handler); // times every request; serves /monitor, /metrics and /api/v1
app.use(express.json());
app.post('/classify', async (request, response) => {
  const { id, text } = request.body;
  response.json(await watch.monitor.classify(() => classify(text), { id }));
});
app.post('/labels', (request, response) => {
  watch.monitor.label(request.body.id, request.body.actual);
  response.sendStatus(202);
});
const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error; // such as a port in use
  console.log(`listening; see http://127.0.0.1:${(server.address() as { port: number }).port}/monitor`);
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => server.close(() => void watch.close()));
