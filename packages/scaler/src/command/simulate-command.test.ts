import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runAutoscalerCommand } from './run-autoscaler-command.ts';

let folder = '';
let trace = '';
let broken = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simulate-'));
  trace = join(folder, 'hour.csv');
  broken = join(folder, 'broken.csv');
  const lines = Array.from(
    { length: 60 },
    (_, minute) => `${minute * 60},${3000 + 2000 * Math.sin(minute / 9)}`,
  );
  await writeFile(trace, `timestamp_s,requests\n${lines.join('\n')}\n`);
  await writeFile(broken, 'timestamp_s,requests\n0,5\n60,many\n');
});

afterAll(() => rm(folder, { recursive: true }));

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const status = await runAutoscalerCommand(['simulate', ...args], {
    stdout: (line) => out.push(line),
    stderr: (line) => err.push(line),
    env,
    signal: new AbortController().signal,
  });
  return { status, out, err };
}

it('prints one JSON object, and its progress elsewhere', async () => {
  const { status, out, err } = await run([
    '--trace',
    trace,
    '--policy',
    'static-peak,slo',
    '--startup',
    '180',
    '--json',
  ]);
  expect(status).toBe(0);
  expect(out).toHaveLength(1);
  const report: unknown = JSON.parse(out[0] ?? '');
  expect(report).toMatchObject({
    trace: 'hour',
    startupSeconds: 180,
    policies: [{ policy: 'static-peak', vsStatic: 1 }, { policy: 'slo' }],
  });
  expect(err).toEqual(['simulating static-peak …', 'simulating slo …']);
});

it.for([
  [{}, /hour: start-up 60 s, late above 500 ms, scaled to a static peak of 20 replicas/],
  [{ LANG: 'zh_CN.UTF-8' }, /hour:启动时间 60 秒,超过 500 毫秒为超时/],
] as const)('prints a table in the language of %o', async ([env, heading]) => {
  const { status, out } = await run(
    ['--trace', trace, '--policy=oracle-p99.9', '--policy=cost-optimize'],
    env,
  );
  expect(status).toBe(0);
  expect(out[0]).toMatch(heading);
  expect(out.at(-1)).toMatch(/cost-optimize .* oracle-p99.9.*%/);
});

it.for([
  [[], '--trace FILE is missing'],
  [['--trace', '/no/such.csv'], '/no/such.csv: cannot read the trace (ENOENT)'],
  [['--trace', 'BROKEN'], 'broken.csv:3:4: expected requests from 0, got "many"'],
  [['--trace', 'TRACE', '--startup', 'soon'], '--startup: expected a number above 0, got "soon"'],
  [['--trace', 'TRACE', '--replica-rps', '0'], '--replica-rps: expected a number above 0, got "0"'],
  [['--trace', 'TRACE', '--policy', 'kedda'], 'did you mean "keda"?'],
  [['--trace', 'TRACE', '--config', '/no/such.yaml'], 'cannot read the file (ENOENT)'],
  [['--tracee', 'TRACE'], "Unknown option '--tracee'"],
] as const)('refuses %j: %s', async ([args, says]) => {
  const given = args.map((arg) => ({ TRACE: trace, BROKEN: broken })[arg as string] ?? arg);
  const { status, out, err } = await run(given);
  expect(status).toBe(2);
  expect(out).toEqual([]);
  expect(err.join('\n')).toContain(says);
});
