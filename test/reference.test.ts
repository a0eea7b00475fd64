import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { metricTables, referencePages } from '../tools/reference.ts';

const known = new Set(Object.values(metricTables).flatMap((table) => table.map(({ name }) => name)));

it.for(Object.entries(referencePages()))('docs/reference/%s is up to date', async ([file, text]) => {
  expect(await readFile(`docs/reference/${file}`, 'utf8')).toBe(text);
});

it('names each metric once', () => {
  const names = Object.values(metricTables).flatMap((table) => table.map(({ name }) => name));
  expect(names).toEqual([...new Set(names)]);
});

/** What Prometheus adds to the name of a family. */
const suffixes = /_(bucket|sum|count)$/;
const ours = /\b(?:classification|autoscaler|alerts|gpu|host|tidewatch|nodejs|http)_[a-z0-9_]+\b/g;
/** Words that look like our metrics and are none. */
const others = new Set([
  'alerts_rules', // the file alert_rules.yml is not matched, its misspelling is
  'tidewatch_source',
]);

it.for([
  ['the default rules', 'packages/alerts/src/rules'],
  ['the panels', 'packages/dashboard/src/panels'],
  ['the examples', 'examples'],
  ['the guides', 'docs'],
  ['the deployment files', 'deploy'],
] as const)('%s name only metrics that are exposed', async ([, folder]) => {
  for (const file of await textFiles(folder)) {
    const text = await readFile(file, 'utf8');
    const unknown = [...text.matchAll(ours)]
      .map(([name]) => name)
      .filter((name) => !known.has(name) && !known.has(name.replace(suffixes, '')) && !others.has(name));
    expect([...new Set(unknown)], file).toEqual([]);
  }
});

async function textFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter(
      (entry) =>
        /\.(ts|tsx|md|ya?ml|json)$/.test(entry) &&
        !/(^|\/)(node_modules|dist|package\.json|.*\.test\.ts)/.test(entry),
    )
    .map((entry) => `${folder}/${entry}`);
}
