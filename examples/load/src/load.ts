// Puts load on a service, in stages of requests a second and seconds, and says what came of it.
//
//   node src/load.ts http://127.0.0.1:3000/classify 5x10,250x120,5x600
//
// Requests begin when they are due, answered or not: a slow service gets no rest from a load test that waits.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const [address = 'http://127.0.0.1:3000/classify', profile = '250x60'] = process.argv.slice(2);
const sentences = ['the cat is in the house', 'der Hund ist nicht von hier', 'le chat est dans la maison'];
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const latenciesMs: number[] = [];
const failures = new Map<string, number>();
const running = new Set<Promise<void>>();

function ask(text: string): Promise<void> {
  const beganMs = performance.now();
  return new Promise((resolve) => {
    const fail = (reason: string): void => {
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
      resolve();
    };
    const headers = { 'content-type': 'application/json' };
    const outgoing = request(address, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => {
        latenciesMs.push(performance.now() - beganMs);
        if (response.statusCode === 200) resolve();
        else fail(`HTTP ${response.statusCode}`);
      });
      response.on('error', (error) => fail(error.message));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    outgoing.end(JSON.stringify({ text }));
  });
}

let sent = 0;
for (const stage of profile.split(',')) {
  const [rate = 0, seconds = 0] = stage.split('x').map(Number);
  const beganMs = performance.now();
  for (let due = 0; due < rate * seconds; due++) {
    const waitMs = beganMs + (due / rate) * 1000 - performance.now();
    if (waitMs > 1) await pause(waitMs);
    const asked = ask(sentences[sent++ % sentences.length] ?? '');
    running.add(asked);
    void asked.then(() => running.delete(asked));
  }
}
await Promise.all(running);
agent.destroy();

latenciesMs.sort((a, b) => a - b);
const p99Ms = latenciesMs[Math.floor(latenciesMs.length * 0.99)];
const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
console.log(`${sent} requests, ${failed} failed, P99 ${p99Ms?.toFixed(1)} ms`);
for (const [reason, count] of failures) console.log(`  ${count} × ${reason}`);
process.exitCode = failed === 0 ? 0 : 1;
