import type { Locale } from '@tidewatch/core';
import type { PolicyOutcome, SimulationReport } from './simulate.ts';

const headings: Readonly<Record<Locale, readonly string[]>> = {
  en: ['policy', 'GPU hours', 'of static', '× oracle', 'late %', 'bad minutes %', 'changes/day'],
  'zh-CN': ['策略', 'GPU 小时', '占静态峰值', '× 最优', '超时请求 %', '超时分钟 %', '每日变更'],
};

/** The outcomes as lines of a table: hours, lateness and distance to the oracle stand together. */
export function simulationTable({ policies }: SimulationReport, locale: Locale): readonly string[] {
  const rows = [headings[locale], ...policies.map(cells)];
  const widths = headings[locale].map((_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column === 0 ? cell + gap : gap + cell;
      })
      .join('  '),
  );
}

function cells(outcome: PolicyOutcome): readonly string[] {
  const { policy, gpuHours, vsStatic, vsOracle, lateRatio, minutesLateRatio, changesPerDay } = outcome;
  return [
    policy,
    gpuHours.toFixed(1),
    `${(vsStatic * 100).toFixed(1)} %`,
    vsOracle.toFixed(2),
    (lateRatio * 100).toFixed(2),
    (minutesLateRatio * 100).toFixed(2),
    changesPerDay.toFixed(0),
  ];
}

/** Columns of a terminal that a text takes: a Chinese character takes two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += (character.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1;
  return columns;
}

/** Policies that a saving is measured against, each named. */
const references = ['static-peak', 'threshold', 'article', 'oracle-p99.9'] as const;

/** What `cost-optimize` saved, baseline by baseline, with the lateness of both; less than nothing is said too. */
export function savingLines({ policies }: SimulationReport, locale: Locale): readonly string[] {
  const ours = policies.find(({ policy }) => policy === 'cost-optimize');
  if (ours === undefined) return [];
  return references.flatMap((name) => {
    const other = policies.find(({ policy }) => policy === name);
    if (other === undefined || other.gpuHours <= 0) return [];
    const saved = ((1 - ours.gpuHours / other.gpuHours) * 100).toFixed(1);
    const [late, lateThere] = [ours, other].map(({ lateRatio }) => (lateRatio * 100).toFixed(2));
    return [
      locale === 'en'
        ? `cost-optimize against ${name}: ${saved} % fewer GPU hours; late ${late} % here, ${lateThere} % there`
        : `cost-optimize 对比 ${name}:GPU 小时减少 ${saved} %;超时请求 ${late} %,对方 ${lateThere} %`,
    ];
  });
}
