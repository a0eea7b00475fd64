import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** One line of a table: what was measured here and, where there is one, of the peer in the same run. */
export interface Row {
  readonly what: string;
  readonly unit: 'ms' | 'B';
  readonly here: number;
  /** Where an answer now and then takes long: what 95 of 100 stay below. */
  readonly p95?: number;
  readonly peer?: { readonly name: string; readonly value: number; readonly p95?: number };
}

export interface Report {
  /** Name of the files in bench/results. */
  readonly name: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader must know to believe the numbers. */
  readonly notes: readonly string[];
}

/** Prints a table and keeps it in bench/results, beside what the last kept run measured. */
export function report({ name, title, rows, notes }: Report): void {
  const file = new URL(`../results/${name}.json`, import.meta.url);
  const last: { rows: Row[] } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: [] };
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
  };
  const lines = rows.map((row) => {
    const { what, unit, here, peer } = row;
    const before = last.rows.find((one) => one.what === what);
    const beside = peer === undefined ? '' : `${spread(peer.value, peer.p95, unit)} (${peer.name})`;
    const ratio = peer === undefined ? '' : (here / peer.value).toFixed(2);
    const lastTime = before === undefined ? '' : amount(before.here, before.unit);
    return `| ${what} | ${spread(here, row.p95, unit)} | ${beside} | ${ratio} | ${lastTime} |`;
  });
  const markdown = [
    `# ${title}`,
    '',
    `${machine.date}, Node ${machine.node}, ${machine.cpu}. Below 1 in the column of the ratio, less is spent here.`,
    '',
    '| what | here | peer | here ÷ peer | last kept run |',
    '| --- | --: | --: | --: | --: |',
    ...lines,
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
  console.log(markdown);
  const text = new URL(`../results/${name}.md`, import.meta.url);
  writeFileSync(text, markdown);
  writeFileSync(file, `${JSON.stringify({ title, ...machine, rows, notes }, undefined, 2)}\n`);
  execFileSync('pnpm', ['exec', 'oxfmt', text.pathname, file.pathname]);
}

function spread(median: number, p95: number | undefined, unit: Row['unit']): string {
  return p95 === undefined ? amount(median, unit) : `${amount(median, unit)} / ${amount(p95, unit)}`;
}

function amount(value: number, unit: Row['unit']): string {
  if (unit === 'B' && value >= 1024 ** 2) return `${(value / 1024 ** 2).toFixed(1)} MB`;
  if (unit === 'B') return `${(value / 1024).toFixed(1)} kB`;
  if (value >= 1) return `${value < 1000 ? value.toPrecision(3) : value.toFixed(0)} ms`;
  return value >= 0.001 ? `${(value * 1e3).toPrecision(3)} µs` : `${(value * 1e6).toPrecision(3)} ns`;
}
