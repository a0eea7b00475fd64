// Changes the code in one small place at a time, and runs the test that must turn red. The file is put back each time.
//
//   pnpm --filter @tidewatch/alerts run test:mutants [R13 …]
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
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
  const { stdout } = spawnSync(
    'pnpm',
    ['exec', 'vitest', 'run', ...place, '-t', `${test} `, '--reporter=json'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, TIDEWATCH_ALERT_CASES: '60' },
      maxBuffer: 100_000_000,
    },
  );
  const { numFailedTests, numPassedTests } = JSON.parse(stdout.slice(stdout.indexOf('{"'))) as Record<
    string,
    number
  >;
  if (numFailedTests === 0 && numPassedTests === 0) throw new Error(`there is no test ${test}`);
  return numFailedTests ?? 0;
}
