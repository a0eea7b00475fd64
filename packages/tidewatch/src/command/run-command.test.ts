import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandTexts } from './command-texts.ts';
import { runCommand } from './run-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewatch-command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function run(args: readonly string[], env: Record<string, string> = {}) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const status = runCommand(args, {
    stdout: (text) => void stdout.push(text),
    stderr: (text) => void stderr.push(text),
    env,
  });
  return { status, stdout: stdout.join('\n'), stderr: stderr.join('\n') };
}

const rules = `groups:
  - name: classification
    rules:
      - alert: LowAccuracy
        expr: avg_over_time(classification_accuracy[5m]) < 0.85
        for: 10m
`;
const alertmanager = `route:
  receiver: on-call
receivers:
  - name: on-call
    webhook_configs:
      - url: http://127.0.0.1:9/
`;
const autoscaler = `metrics:
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

describe('how it is called', () => {
  it.for([
    // words                          status  where     says
    [['--help'], 0, 'stdout', 'Usage: tidewatch <command>'],
    [['alerts', 'check', '-h'], 0, 'stdout', 'Usage: tidewatch <command>'],
    [[], 2, 'stderr', 'Usage: tidewatch <command>'], // a script that forgot its words must not go on
    [['alerts', 'chek'], 2, 'stderr', 'there is no command "alerts chek"; did you mean "alerts check"?'],
    [['dashbord', 'export'], 2, 'stderr', 'did you mean "dashboard export"?'],
    [['brew', 'coffee'], 2, 'stderr', 'there is no command "brew coffee"; tidewatch --help lists them'],
    [['toString'], 2, 'stderr', 'there is no command "toString"'], // a word that every object knows
    [['alerts', 'check'], 2, 'stderr', 'name at least one file'],
    [['alerts', 'check', '--jsn', 'x'], 2, 'stderr', "Unknown option '--jsn'"],
    [['--lang', 'de', '--help'], 2, 'stderr', '--lang: expected en or zh-CN, got "de"'],
    [['dashboard', 'export', '--format', 'kibana'], 2, 'stderr', '--format: expected grafana, got "kibana"'],
    [['dashboard', 'export', 'out.json'], 2, 'stderr', '"out.json" is not expected here'], // meant --out
  ] as const)('%j → %i', ([args, status, where, says]) => {
    const ran = run(args);
    expect(ran.status).toBe(status);
    expect(ran[where]).toContain(says);
    expect(ran[where === 'stdout' ? 'stderr' : 'stdout']).toBe('');
  });

  it.for([
    // LANG            --lang    speaks
    ['zh_CN.UTF-8', undefined, '请至少给出一个文件'],
    ['zh_CN.UTF-8', 'en', 'name at least one file'], // what is written wins
    ['en_US.UTF-8', 'zh-CN', '请至少给出一个文件'],
    ['C', undefined, 'name at least one file'],
    ['', undefined, 'name at least one file'],
  ] as const)('LANG=%s --lang %s: %s', ([LANG, lang, says]) => {
    const args = ['alerts', 'check', ...(lang === undefined ? [] : ['--lang', lang])];
    expect(run(args, { LANG }).stderr).toBe(says);
  });

  it('says everything in both languages, and nothing in the wrong one', () => {
    const said = (lang: 'en' | 'zh-CN'): string[] =>
      Object.values(commandTexts[lang]).flatMap((text): string[] => {
        if (typeof text === 'function') return [(text as (...values: any[]) => string)('a', ['b'], 'c')];
        return typeof text === 'string' ? [text] : Object.values(text);
      });
    const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);
    expect(said('en').filter(isChinese)).toEqual([]);
    expect(said('zh-CN').filter((text) => !isChinese(text))).toEqual([]);
  });
});

it.for(['en', 'zh-CN'] as const)('knows every command that its help names in %s', (lang) => {
  const named = [...commandTexts[lang].usage.matchAll(/^ {2}([a-z][a-z-]*(?: [a-z][a-z-]*)*) /gm)].map(
    ([, words = '']) => words.split(' ').slice(0, 2),
  );
  expect(named).toHaveLength(12);
  for (const words of named) {
    // An option of one command alone: the others refuse it before they do anything.
    const { stderr } = run([...words, '--out', '/dev/null', '--lang', lang]);
    expect(stderr, words.join(' ')).toMatch(/--out|\/dev\/null/);
  }
});

describe('dashboard export', () => {
  it('prints a Grafana dashboard', () => {
    const { status, stdout, stderr } = run(['dashboard', 'export']);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout).panels.length).toBeGreaterThan(10);
  });

  it('writes the same into a file, and says so elsewhere', () => {
    const out = join(folder, 'grafana.json');
    expect(run(['dashboard', 'export', '--out', out])).toEqual({
      status: 0,
      stdout: '',
      stderr: `written: ${out}`,
    });
    expect(readFileSync(out, 'utf8')).toBe(`${run(['dashboard', 'export']).stdout}\n`);
  });

  it('has its titles in the language asked for', () => {
    expect(run(['dashboard', 'export', '--lang', 'zh-CN']).stdout).toMatch(/"title": "\p{Script=Han}+/u);
  });

  it('says why a file cannot be written', () => {
    const out = join(folder, 'no-such-folder', 'grafana.json');
    const { status, stderr } = run(['dashboard', 'export', '--out', out]);
    expect([status, stderr]).toEqual([
      2,
      `--out: cannot write "${out}" (ENOENT); check that its folder exists and is yours`,
    ]);
  });
});

describe('check', () => {
  it.for([
    ['alerts', rules, 'rules: 1, no fault', '1 条规则,没有错误'],
    ['alertmanager', alertmanager, 'receivers: 1, no fault', '1 个接收方,没有错误'],
    ['autoscaler', autoscaler, 'metrics: 1, no fault', '1 个指标,没有错误'],
  ] as const)('%s: says that a good file is good', ([kind, text, english, chinese]) => {
    const file = fileOf(`good-${kind}.yml`, text);
    expect(run([kind, 'check', file])).toEqual({ status: 0, stdout: `${file}: ${english}`, stderr: '' });
    expect(run([kind, 'check', file, '--lang', 'zh-CN']).stdout).toBe(`${file}: ${chinese}`);
  });

  it.for([
    [
      'alerts',
      rules.replace('[5m]) <', '[5m] <'),
      /groups\[0\]\.rules\[0\]\.expr: not a PromQL expression: /,
    ],
    ['autoscaler', autoscaler.replace('[1m]))', '[1m])'), /metrics\[0\]\.query: not a PromQL expression: /],
  ] as const)('%s: reads the expressions', ([kind, text, fault]) => {
    const { status, stderr } = run([kind, 'check', fileOf(`expression-${kind}.yml`, text)]);
    expect(status).toBe(1);
    expect(stderr).toMatch(fault);
  });

  it('warns of what loads and is likely a mistake', () => {
    const file = fileOf('gauge.yaml', autoscaler.replace('http_requests_total', 'gpu_utilization'));
    const { status, stdout, stderr } = run(['autoscaler', 'check', file]);
    expect(status).toBe(0);
    expect(stdout).toContain('no fault');
    expect(stderr).toMatch(/gauge\.yaml: warning: .*gpu_utilization/);
    expect(run(['autoscaler', 'check', file, '--lang', 'zh-CN']).stderr).toMatch(
      /gauge\.yaml: 警告: \S*.*\p{Script=Han}/u,
    );
  });

  it('looks at every file, whatever is wrong with the one before', () => {
    const bad = fileOf('first.yml', rules.replace('alert:', 'alrt:'));
    const good = fileOf('second.yml', rules);
    const { status, stdout, stderr } = run(['alerts', 'check', bad, good]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `${bad}:4:9: groups[0].rules[0].alrt: unknown key "alrt"; did you mean "alert"?`,
    );
    expect(stdout).toBe(`${good}: rules: 1, no fault`);
  });

  it('names the file of a channel that cannot be made', () => {
    const file = fileOf('address.yml', alertmanager.replace('http://127.0.0.1:9/', 'not-an-address'));
    const { status, stderr } = run(['alertmanager', 'check', file]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/address\.yml: .*url: expected an http or https address/);
  });

  it('prints one JSON array for programs, faults included', () => {
    const bad = fileOf('first.yml', rules.replace('alert:', 'alrt:'));
    const good = fileOf('second.yml', rules);
    const { status, stdout, stderr } = run(['alerts', 'check', '--json', bad, good]);
    expect([status, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: bad,
        warnings: [],
        faults: expect.arrayContaining([
          expect.objectContaining({ code: 'unknown-key', line: 4, column: 9 }),
        ]),
      },
      { file: good, summary: 'rules: 1, no fault', warnings: [], faults: [] },
    ]);
  });
});
