import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Prometheus 3, as 3.5.3: the templates of 2.x cannot range over a number and know fewer functions. */
export const hasPromtool: boolean =
  spawnSync('promtool', ['--version'], { encoding: 'utf8' }).stdout?.startsWith('promtool, version 3.') ??
  false;

/**
 * What promtool makes of each template as the annotation `s` of an alert on a series `m{model="digits"}` of the given
 * value. It is asked for an alert that there is not, and answers with the one that there is. A template that it refuses
 * to load is left out, and so are those whose error is a panic of its own.
 */
export async function promtoolAnswers(
  templates: readonly string[],
  value: string,
): Promise<Map<string, string>> {
  const loadable = await loadableTemplates(templates);
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  try {
    await writeFile(join(folder, 'rules.yml'), rulesOf(loadable));
    const asked = loadable.map((_, index) => ({ eval_time: '1m', alertname: `T${index}`, exp_alerts: [] }));
    const tests = [
      {
        interval: '1m',
        input_series: [{ series: 'm{model="digits"}', values: `${value} ${value}` }],
        alert_rule_test: asked,
      },
    ];
    await writeFile(
      join(folder, 'test.yml'),
      JSON.stringify({ rule_files: ['rules.yml'], evaluation_interval: '1m', tests }),
    );
    const { stdout, stderr } = await run('promtool', ['test', 'rules', 'test.yml'], {
      cwd: folder,
      maxBuffer: 2 ** 28,
    }).catch((error: unknown) => error as { stdout: string; stderr: string });
    const answers = new Map<string, string>();
    let template: string | undefined;
    for (const line of (stdout + stderr).split('\n')) {
      const index = /alertname="T(\d+)"/.exec(line)?.[1];
      if (index !== undefined) template = loadable[Number(index)];
      const at = line.indexOf('Annotations:{s="');
      if (at !== -1 && template !== undefined)
        answers.set(template, unquote(line.slice(at + 15, line.lastIndexOf('"') + 1)));
    }
    return answers;
  } finally {
    await rm(folder, { recursive: true });
  }
}

function rulesOf(templates: readonly string[]): string {
  const rules = templates.map((s, index) => ({ alert: `T${index}`, expr: 'm', annotations: { s } }));
  return JSON.stringify({ groups: [{ name: 'g', rules }] });
}

/** One bad template makes promtool refuse the file; it names the rules that are bad. */
async function loadableTemplates(templates: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  try {
    await writeFile(join(folder, 'rules.yml'), rulesOf(templates));
    const { stdout, stderr } = await run('promtool', ['check', 'rules', '--lint=none', 'rules.yml'], {
      cwd: folder,
      maxBuffer: 2 ** 28,
    }).catch((error: unknown) => error as { stdout: string; stderr: string });
    const bad = new Set(
      [...(stdout + stderr).matchAll(/rule \d+, "T(\d+)"/g)].map(([, index]) => Number(index)),
    );
    return templates.filter((_, index) => !bad.has(index));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Go's quoted text. */
function unquote(quoted: string): string {
  return JSON.parse(
    quoted
      .replaceAll(/\\x([0-9a-f]{2})/g, '\\u00$1')
      .replaceAll('\\a', '\\u0007')
      .replaceAll('\\v', '\\u000b'),
  ) as string;
}
