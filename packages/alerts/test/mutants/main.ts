// Changes the code in one small place at a time, and runs the test that must turn red. The file is put back each time.
//
//   pnpm --filter @tidewatch/alerts run test:mutants [R13 …]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutants } from './mutants.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const wanted = process.argv.slice(2);
let survivors = 0;

for (const { test, file, from, to } of mutants) {
  if (wanted.length > 0 && !wanted.includes(test)) continue;
  const path = fileURLToPath(new URL(`../../src/${file}`, import.meta.url));
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) throw new Error(`${file} does not hold once: ${from}`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    const isRed = failures(test) > 0;
    if (!isRed) survivors++;
    console.log(
      `${isRed ? 'red   ' : 'PASSED'} ${test.padEnd(4)} ${file}: ${from.trim()} → ${to.trim() || 'nothing'}`,
    );
  } finally {
    writeFileSync(path, source);
  }
}
console.log(survivors === 0 ? 'every mutant was seen' : `${survivors} mutants were not seen`);
process.exitCode = survivors === 0 ? 0 : 1;

/** How many tests of this number fail. */
function failures(test: string): number {
  const place =
    test === 'R13' ? ['--project', 'integration', 'alert-rules'] : ['--project', 'unit', 'packages/alerts'];
  const folder = mkdtempSync(join(tmpdir(), 'tidewatch-mutants-'));
  const outputFile = join(folder, 'results.json');
  const options = ['-t', `\\b${test} `, '--reporter=json', `--outputFile=${outputFile}`];
  spawnSync('pnpm', ['exec', 'vitest', 'run', ...place, ...options], {
    cwd: root,
    env: { ...process.env, TIDEWATCH_ALERT_CASES: '60' },
  });
  const results = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, number>;
  rmSync(folder, { recursive: true });
  const { numFailedTests, numPassedTests } = results;
  if (numFailedTests === 0 && numPassedTests === 0) throw new Error(`there is no test ${test}`);
  return numFailedTests ?? 0;
}
