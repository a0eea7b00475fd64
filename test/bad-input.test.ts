// What a person reads who made a mistake: the place and the remedy, driven as a user would.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const fromSources = ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning'];
const tidewatch = 'packages/tidewatch/src/command.ts';
const demo = 'examples/digits/src/main.ts';

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of the repository to its end. */
function run(script: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, LANG: 'C' };
    const options = { env, timeout: 25_000 };
    execFile(process.execPath, [...fromSources, script, ...args], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : ((error.code as unknown as number) ?? -1), stdout, stderr });
    });
  });
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-bad-input-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const rules = `groups:
  - name: classification
    rules:
      - alert: LowAccuracy
        expr: avg_over_time(classification_accuracy[5m]) < 0.85
        for: 10m
`;
const alertmanager = `route:
  receiver: on-call
  group_wait: 30s
receivers:
  - name: on-call
    webhook_configs:
      - url: http://127.0.0.1:9/
`;
const config = `metrics:
  - name: qps
    type: external
    endpoint: http://127.0.0.1:9/api/v1/query
    query: sum(rate(http_requests_total[1m]))
    scale_up_threshold: 100
    scale_down_threshold: 30
scaling:
  max_replicas: 10
  min_replicas: 1
  cooldown: 300
`;

/** The three files a user writes, by the command that checks them. */
const good = { alerts: rules, alertmanager, autoscaler: config };

describe('a file with a fault', { timeout: 60_000 }, () => {
  const cases = [
    // kind, what is wrong with it, the file, and what is said after its name
    [
      'alerts',
      'a wrong key',
      rules.replace('expr:', 'exprr:'),
      ':5:9: groups[0].rules[0].exprr: unknown key "exprr"; did you mean "expr"?',
    ],
    [
      'alerts',
      'a wrong type',
      rules.replace('for: 10m', 'for: [10m]'),
      ':6:9: groups[0].rules[0].for: expected a text, got a list',
    ],
    ['alerts', 'a wrong duration', rules.replace('10m', '10 minutes'), ':6:9: groups[0].rules[0].for: '],
    [
      'alerts',
      'no PromQL',
      rules.replace('< 0.85', '< '),
      ':5:9: groups[0].rules[0].expr: not a PromQL expression: ',
    ],
    ['alerts', 'no YAML', rules.replace('- alert', '-\talert'), ':4:'],
    [
      'alertmanager',
      'a wrong key',
      alertmanager.replace('group_wait', 'group_wiat'),
      ':3:3: route.group_wiat: unknown key "group_wiat"; did you mean "group_wait"?',
    ],
    [
      'alertmanager',
      'a wrong type',
      alertmanager.replace('30s', '[30s]'),
      ':3:3: route.group_wait: expected ',
    ],
    [
      'alertmanager',
      'a receiver that is not there',
      alertmanager.replace('receiver: on-call', 'receiver: oncall'),
      ': route.receiver: there is no receiver "oncall"; did you mean "on-call"?',
    ],
    [
      'autoscaler',
      'a wrong key',
      config.replace('cooldown', 'cool_down'),
      ':11:3: scaling.cool_down: unknown key "cool_down"; did you mean "cooldown"?',
    ],
    [
      'autoscaler',
      'a wrong type',
      config.replace('max_replicas: 10', 'max_replicas: "ten"'),
      ':9:3: scaling.max_replicas: expected a number, got "ten"',
    ],
    [
      'autoscaler',
      'a missing key',
      config.replace('    scale_up_threshold: 100\n', ''),
      ':2:5: metrics[0].scale_up_threshold: missing; expected a number',
    ],
    [
      'autoscaler',
      'bounds that contradict',
      config.replace('min_replicas: 1', 'min_replicas: 11'),
      ':10:3: scaling.min_replicas: min_replicas 11 is above max_replicas 10; lower it, or raise the maximum',
    ],
    [
      'autoscaler',
      'no PromQL',
      config.replace('[1m]))', '[1m]'),
      ': metrics[0].query: not a PromQL expression: ',
    ],
  ] as const;

  // Starting a process costs more than checking a file, so each command is called once with all its files.
  describe.for(Object.keys(good) as (keyof typeof good)[])('%s check', (kind) => {
    const own = cases.filter(([of]) => of === kind);
    let ended: Ended;
    let paths: string[];

    beforeAll(async () => {
      paths = own.map((_, index) => join(folder, `${kind}-${index}.yml`));
      for (const [index, [, , text]] of own.entries()) await writeFile(paths[index]!, text);
      await writeFile(join(folder, `${kind}-good.yml`), good[kind]);
      ended = await run(
        tidewatch,
        kind,
        'check',
        ...paths,
        folder,
        join(folder, 'none.yml'),
        join(folder, `${kind}-good.yml`),
      );
    }, 60_000);

    it.for(own.map(([, fault, , says], index) => ({ fault, says, index })))(
      '$fault: $says',
      ({ says, index }) => {
        expect(ended.stderr).toContain(`${paths[index]}${says}`);
      },
    );

    it.for([
      ['a folder', '', 'EISDIR'],
      ['a file that is not there', '/none.yml', 'ENOENT'],
    ] as const)('%s: %s cannot be read (%s)', ([, name, code]) => {
      const line = ended.stderr.split('\n').find((line) => line.startsWith(`${folder}${name}: cannot read`));
      expect(line).toContain(`(${code})`);
      expect(line).toContain('check the path and its permissions');
    });

    it('reports all of them with status 1, no stack trace, and still says what is good', () => {
      expect(ended.status).toBe(1);
      expect(ended.stderr).not.toMatch(/^\s+at /m);
      expect(ended.stdout).toMatch(new RegExp(`${kind}-good\\.yml: \\w+: 1, no fault\\n$`));
    });
  });

  // Root reads everything, whatever the permissions say.
  it.skipIf(process.getuid?.() === 0)('that may not be read says so', async () => {
    const path = join(folder, 'secret.yml');
    await writeFile(path, rules);
    await chmod(path, 0o000);
    const { status, stderr } = await run(tidewatch, 'alerts', 'check', path);
    expect(status).toBe(1);
    expect(stderr).toContain('(EACCES); check the path and its permissions');
  });
});

describe('the demo, called wrongly', { timeout: 60_000 }, () => {
  it('says at once that the port of its page is in use, and how to choose another', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const ended = await run(demo, '--port', String(port), '--seconds', '30', '--json');
    other.close();
    expect(ended).toEqual({
      status: 2,
      stdout: '',
      // Nothing about training: the port is tried first.
      stderr: `port ${port} is in use; stop what uses it, or choose another: npm run demo -- --port 0\n`,
    });
  });

  it('names the option that does not exist, and lists those that do', async () => {
    const { status, stdout, stderr } = await run(demo, '--second', '30');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("Unknown option '--second'");
    expect(stderr).toContain('--seconds N');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
