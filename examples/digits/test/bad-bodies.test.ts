// One real replica, asked for what it cannot do: each time it says why, and goes on.
import { workerPool } from '@tidewatch/scaler/worker-pool';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../src/demo/listen.ts';
import { pixelCount } from '../src/images/image-set.ts';
import { saveNetwork } from '../src/model/network-file.ts';
import { emptyNetwork } from '../src/model/network.ts';

const blank = Array.from({ length: pixelCount }, () => 0);
const json = { 'content-type': 'application/json' };
const cleanup: (() => Promise<unknown>)[] = [];
let url: string;
let exits = 0;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-bodies-'));
  cleanup.push(() => rm(folder, { recursive: true }));
  // Without any training: it answers, and that is all that is asked here.
  await saveNetwork(join(folder, 'network.bin'), emptyNetwork(1));
  const port = await freePort();
  const pool = workerPool({
    script: new URL('../src/worker.ts', import.meta.url),
    args: [join(folder, 'network.bin'), String(port)],
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'],
    onExit: () => exits++,
  });
  cleanup.push(() => pool.close());
  await pool.ready();
  url = `http://127.0.0.1:${port}`;
}, 30_000);

afterAll(async () => {
  for (const close of cleanup.toReversed()) await close();
});

async function post(path: string, body: string, headers: Record<string, string> = json) {
  const response = await fetch(url + path, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as { error?: string; label?: string } };
}

it.for([
  // body                     path         bytes                                                headers  status  error
  ['a text', '/classify', 'seven', json, 400, 'is not valid JSON'],
  ['JSON that was cut', '/classify', '{"pixels":[0,0', json, 400, 'JSON'],
  [
    'JSON of another shape',
    '/classify',
    '{"image":[]}',
    json,
    400,
    'pixels: got nothing, expected 784 whole numbers',
  ],
  [
    'a wrong length',
    '/classify',
    JSON.stringify({ pixels: [1, 2, 3] }),
    json,
    400,
    'pixels: got a list of 3, expected 784',
  ],
  [
    'brightness 0 to 1',
    '/classify',
    JSON.stringify({ pixels: blank.with(9, 0.5) }),
    json,
    400,
    'pixels[9]: got 0.5, expected a whole number from 0 to 255 (brightness from 0 to 1 has to be multiplied',
  ],
  ['nothing', '/classify', '', json, 400, 'pixels: got nothing, expected 784'],
  [
    'an image without its content type',
    '/classify',
    JSON.stringify({ pixels: blank }),
    { 'content-type': 'text/plain' },
    400,
    'body: got nothing, expected a JSON object { "id": "…", "pixels": "…" }, sent as application/json',
  ],
  ['2 MB', '/classify', JSON.stringify({ pixels: ' '.repeat(2 ** 21) }), json, 413, 'too large'],
  [
    'another character set',
    '/classify',
    '{}',
    { 'content-type': 'application/json; charset=latin-9' },
    415,
    'unsupported charset',
  ],
  [
    'a label that is no digit',
    '/labels',
    '{"labels":[{"id":"a","actual":"seven"}]}',
    json,
    400,
    'labels[0].actual: got "seven", expected a digit from 0 to 9',
  ],
] as const)('%s is refused, and the service goes on', async ([, path, bytes, headers, status, says]) => {
  const refused = await post(path, bytes, headers);
  expect(refused.status).toBe(status);
  expect(refused.body.error).toContain(says);

  const answer = await post('/classify', JSON.stringify({ id: 'good', pixels: blank }));
  expect(answer).toMatchObject({ status: 200, body: { id: 'good', label: '0' } });
  expect(exits, 'no replica ended').toBe(0);
});
