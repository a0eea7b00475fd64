import { createServer } from 'node:http';
import { serveReplica } from '../src/targets/worker-pool.ts';

/** A service for the tests of the pool: answers slowly enough that requests are in flight when it drains. */
const { PORT = '0', CRASH, WORK_MS = '5' } = process.env;

if (CRASH === 'at-start') process.exit(3);

const server = createServer((request, response) => {
  if (request.url === '/crash') process.exit(4);
  setTimeout(() => response.end(String(process.pid)), Number(WORK_MS));
});
server.keepAliveTimeout = 1000;

const { port } = await serveReplica(server, { port: Number(PORT), host: '127.0.0.1', reportIntervalMs: 50 });
process.send?.({ port, pid: process.pid });
process.on('message', (message) => {
  if (message === 'echo' || (message as { ask?: string }).ask === 'echo') process.send?.({ echo: process.pid });
});
