import { createServer } from 'node:http';
import { serveReplica } from '../src/targets/pool/serve-replica.ts';

/** Becomes a replica only when it is told to stop: the signal overtakes `serveReplica`. */
process.once('SIGTERM', () => void serveReplica(createServer(), { port: 0, host: '127.0.0.1' }));
process.send?.({ port: 1, pid: process.pid });
setTimeout(() => {}, 60_000);
