#!/usr/bin/env node
// Runs every check, two at a time, in the order that fails fastest; a line for each that is green.
// The first that is red prints what it said and ends the rest. This is `npm test`.
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const cwd = dirname(dirname(fileURLToPath(import.meta.url)));

/** `tells`: the part of the output that is worth reading when all is well. */
const waiting = [
  { name: 'format', command: 'oxfmt --check' },
  { name: 'build', command: 'pnpm run build:packages' },
  { name: 'types', command: 'pnpm run typecheck' },
  { name: 'lint', command: 'oxlint' },
  { name: 'unused', command: 'knip' },
  { name: 'packages', command: 'pnpm run test:package', needsBuild: true, tells: /^\d+ packages.*$/m },
  // Last and alone: many tests start processes and wait for them. The tests of types are part of `types`.
  {
    name: 'tests',
    command: 'pnpm run unit --typecheck.enabled=false --reporter=dot --silent=passed-only',
    needsBuild: true,
    tells: /(?<=^ *Tests +)\S.*$/m,
  },
];

/** Children by stage: to end them when one is red, or when somebody ends us. */
const children = new Set();
let isBuilt = false;
let isRed = false;

const startMs = performance.now();
await Promise.all([worker(), worker()]);
if (isRed) process.exitCode = 1;
else console.log(`✓ all, ${elapsed(startMs)}`);

/** Takes the first stage that may run, until none is left. */
async function worker() {
  for (;;) {
    const at = waiting.findIndex(({ needsBuild }) => !needsBuild || isBuilt);
    const [stage] = at === -1 ? [] : waiting.splice(at, 1);
    if (stage === undefined || isRed) return;
    await run(stage);
    if (stage.name === 'build') isBuilt = true;
  }
}

async function run({ name, command, tells }) {
  const stageMs = performance.now();
  // A group of its own, so that what it started ends with it.
  const child = spawn(`pnpm exec ${command.replace(/^pnpm run /, 'pnpm --silent run ')}`, {
    cwd,
    shell: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await new Promise((resolve) => child.on('close', resolve));
  children.delete(child);
  if (isRed) return;
  if (status === 0) {
    const told = tells === undefined ? undefined : tells.exec(stripVTControlCharacters(output))?.[0];
    console.log(
      `✓ ${name.padEnd(8)} ${elapsed(stageMs).padStart(7)}${told === undefined ? '' : `  ${told}`}`,
    );
    return;
  }
  isRed = true;
  endAll('SIGTERM');
  console.error(`${output.trimEnd()}\n✗ ${name}, ${elapsed(stageMs)}: ${command}`);
}

function endAll(signal) {
  for (const { pid } of children) {
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended by itself.
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    endAll(signal);
    process.kill(process.pid, signal);
  });
}

function elapsed(fromMs) {
  return `${((performance.now() - fromMs) / 1000).toFixed(1)} s`;
}
