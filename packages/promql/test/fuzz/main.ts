// Asks random queries of this package and of a real Prometheus, and counts where they differ.
//
//   pnpm conformance:fuzz --queries 10000 --seed 1 [--json]
import { parseArgs } from 'node:util';
import { whyNoReference } from './prometheus-server.ts';
import { runFuzz, type Mismatch } from './run-fuzz.ts';

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const queries = Number(values.queries);
const seed = Number(values.seed);
if (!Number.isSafeInteger(queries) || !Number.isSafeInteger(seed) || queries < 1 || seed < 0) {
  console.error('expected whole numbers: --queries (at least 1) and --seed (at least 0)');
  process.exit(2);
}

const missing = whyNoReference();
if (missing !== undefined) {
  console.error(`nothing to compare with: ${missing}`);
  console.log('0 passed, 0 failed, 1 skipped');
} else {
  const report = await runFuzz({
    queries,
    seed,
    onProgress: (done, { mismatches }) => console.error(`${done} of ${queries}: ${mismatches.length} differ`),
  });
  if (values.json) console.log(JSON.stringify(report));
  else for (const mismatch of report.mismatches) console.log(textOf(mismatch));
  const { passed, bothFailed, bothEmpty, intended, mismatches } = report;
  const meant = Object.entries(intended).map(([name, count]) => `${name}: ${count}`);
  console.error(
    `both fail: ${bothFailed}; both empty: ${bothEmpty}; intended differences: ${meant.join(', ') || 'none'}`,
  );
  const summary = `${passed} passed, ${mismatches.length} failed, 0 skipped`;
  if (values.json) console.error(summary);
  else console.log(summary);
  process.exitCode = mismatches.length === 0 ? 0 : 1;
}

function textOf({ difference, roundSeed, query, shrunk, ours, theirs }: Mismatch): string {
  const { expr, startMs, endMs, stepMs } = query;
  return [
    `${difference.kind}: ${shrunk}`,
    `  where  ${difference.where.slice(0, 600)}`,
    `  first seen as ${expr}`,
    `  from ${startMs} to ${endMs} step ${stepMs ?? 'none'}, series of seed ${roundSeed}`,
    `  ours   ${JSON.stringify(ours).slice(0, 1000)}`,
    `  theirs ${JSON.stringify(theirs).slice(0, 1000)}`,
  ].join('\n');
}
