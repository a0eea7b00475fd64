#!/usr/bin/env node
import { runCommand } from './command/run-command.ts';

process.exitCode = runCommand(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(`${text}\n`),
  stderr: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
});
