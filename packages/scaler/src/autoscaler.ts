#!/usr/bin/env node
import { MessageChannel } from 'node:worker_threads';
import { runAutoscalerCommand } from './command/run-autoscaler-command.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
// The pauses of the loop keep no process alive; this one is to stay until told to stop.
const channel = new MessageChannel();
channel.port1.ref();

process.exitCode = await runAutoscalerCommand(process.argv.slice(2), {
  stdout: (line) => process.stdout.write(`${line}\n`),
  stderr: (line) => process.stderr.write(`${line}\n`),
  env: process.env,
  signal: stop.signal,
});
channel.port1.close();
