import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { differences } from './support/alert-rules.ts';
import { promtool } from './support/promtool.ts';

const version = await promtool(['--version'], '').catch(() => '');
const cases = Number(process.env['TIDEWATCH_ALERT_CASES'] ?? 200);

it.skipIf(version === '')(
  `R13 ${cases} rules over random series have the alerts of promtool at every minute of two hours (skipped without promtool)`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tidewatch-promtool-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const ask = async (rules: string, tests: string): Promise<string> => {
      await writeFile(join(folder, 'rules.yml'), rules);
      await writeFile(join(folder, 'tests.yml'), tests);
      return promtool(['test', 'rules', join(folder, 'tests.yml')], '');
    };
    const { points, firing, found } = await differences(cases, 13, ask);
    console.log(
      `alert rules: ${cases} series, ${points} alerts at their minutes, ${firing} firing, ${version.split('\n')[0]}`,
    );
    expect(found).toEqual([]);
    expect(firing).toBeGreaterThan(cases);
  },
);
