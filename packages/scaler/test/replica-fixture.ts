import { createServer } from 'node:http';
import { serveReplica } from '../src/targets/pool/serve-replica.ts';

/** A service for the tests of the pool: slow enough that requests are in flight when it drains. */
const { CRASH, WORK_MS = '5', PORT = '0', KEEP_ALIVE_MS = '1000' } = process.env;
const { CONNECTION_AGE_MS = '10000' } = process.env;
if (CRASH === 'at-start') process.exit(3);
if (CRASH === 'never-ready') await new Promise((resolve) => setTimeout(resolve, 60_000));

const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(4);
  setTimeout(() => response.end(String(process.pid)), Number(WORK_MS));
});
server.keepAliveTimeout = Number(KEEP_ALIVE_MS);

const { port } = await serveReplica(server, {
  port: Number(PORT),
  host: '127.0.0.1',
  reportIntervalMs: 50,
  connectionAgeMs: Number(CONNECTION_AGE_MS),
});
process.on('message', (message: { ask?: string }) => {
  if (message.ask === 'echo') process.send?.({ echo: process.pid });
});
process.send?.({ port, pid: process.pid });
