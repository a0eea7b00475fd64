// The scaling policies over recorded traffic, against the bars they are held to. Not in process time but in money and
// lateness: the simulator's model is stated in packages/scaler/src/simulate/queue-model.ts.
//
//   TRACES=folder node --conditions=@tidewatch/source bench/scaler-policies.ts [--tuned] [--peaks]
//
// --tuned adds T5, every peer tuned in hindsight for each trace; --peaks adds fleets of 4 and 200 replicas.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { geometricMean, policyTable, type Row } from './support/policy-table.ts';
import { reachOf } from './support/reach.ts';
import { tunedPeers } from './support/tuned-peers.ts';
import { syntheticTraces } from './support/synthetic-traces.ts';
import { readTrace, simulate, type PolicyOutcome, type Trace } from '@tidewatch/scaler';
import { runStrictOracle, simulatedWorld } from '../packages/scaler/src/simulate/simulated-world.ts';

const folder = process.env['TRACES'];
const DAY_SECONDS = 86_400;
const DIURNAL = ['servegen_m_small', 'worldcup98'];

if (folder === undefined || !existsSync(folder)) {
  console.log('scaler-policies: set TRACES to a folder of traces (timestamp_s,requests); skipped');
} else {
  const recorded = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => readTrace(readFileSync(join(folder, name), 'utf8'), name.replace(/_\d+d_.*|\.csv$/, '')))
    .filter(({ binSeconds, requests }) => binSeconds * requests.length >= DAY_SECONDS * 0.9);
  const wants = (flag: string): boolean => process.argv.includes(flag);
  const lines = [
    'Parameters were chosen on nasa_http, servegen_m_small, servegen_deepseek_r1 and worldcup98, single days of them included, on public traffic that is not kept here (other models of ServeGen, the next month of nasa_http), and the highest price also on flash-crowds and batch-every-4-hours; nab_nyc_taxi and the other seeded traces were held out.',
    '',
    ...judged('recorded traces, static peak of 20 replicas', recorded, 20),
    ...(wants('--peaks')
      ? [4, 200].flatMap((peak) => judged(`recorded traces, static peak of ${peak}`, recorded, peak))
      : []),
    ...judged('seeded traces of our own, static peak of 20 replicas', syntheticTraces(), 20),
  ];
  policyTable('scaler-policies', lines);

  function judged(title: string, traces: readonly Trace[], peakReplicas: number): string[] {
    const found: string[] = [`## ${title}`, ''];
    for (const startupSeconds of [60, 180]) {
      const rows = traces.map((trace): Row => {
        console.error(`${trace.name}, start-up ${startupSeconds} s, peak ${peakReplicas} …`);
        const { policies } = simulate({ trace, startupSeconds, peakReplicas });
        const tuned = wants('--tuned') ? tunedPeers(trace, startupSeconds, peakReplicas) : undefined;
        return { trace: trace.name, policies, ...(tuned === undefined ? {} : { tuned }) };
      });
      found.push(...verdicts(rows, startupSeconds), reachLine(traces, startupSeconds, peakReplicas), '');
    }
    return found;
  }
}

/** Where a bar is out of reach for whoever sees no future, by the figures of an oracle that sees none. */
function reachLine(traces: readonly Trace[], startupSeconds: number, peakReplicas: number): string {
  const texts = traces.map((trace) => {
    const world = simulatedWorld({ trace, startupSeconds, peakReplicas });
    const reach = reachOf(
      world,
      ({ lateRequests, requests, badMinutes, minutes }) =>
        lateRequests <= 0.005 * requests && badMinutes <= 0.01 * minutes,
    );
    if (reach === undefined) return `${trace.name} not with four times the load`;
    const { replicaSeconds, lateRequests, requests, badMinutes, minutes } = reach.outcome;
    const shares = [lateRequests / requests, badMinutes / minutes].map(
      (share) => `${(share * 100).toFixed(2)} %`,
    );
    const cost = (replicaSeconds / runStrictOracle(world).replicaSeconds).toFixed(3);
    return `${trace.name} ${cost} (${shares.join(', ')}; room × ${reach.room.toFixed(2)})`;
  });
  return `- What T1 costs an oracle that sees the present and no future, with the room above it chosen in hindsight: ${texts.join('; ')}`;
}

function verdicts(rows: readonly Row[], startupSeconds: number): string[] {
  const of = ({ policies }: Row, name: string): PolicyOutcome => {
    const found = policies.find(({ policy }) => policy === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const mark = (holds: boolean): string => (holds ? 'holds' : '**does not hold**');
  const slo = rows.map((row) => of(row, 'slo'));
  const cost = rows.map((row) => of(row, 'cost-optimize'));
  const [bar2, bar3] = startupSeconds === 60 ? [1.15, 1.05] : [1.25, 1.12];
  const isWithin = ({ lateRatio, minutesLateRatio }: PolicyOutcome): boolean =>
    lateRatio <= 0.005 && minutesLateRatio <= 0.01;
  const sloCost = geometricMean(slo.map(({ vsOracle }) => vsOracle));
  const costCost = geometricMean(cost.map(({ vsOracle }) => vsOracle));
  const percent = (ratio: number): string => `${(ratio * 100).toFixed(2)} %`;
  const dominated = rows.flatMap((row) => {
    const ours = of(row, 'slo');
    return row.policies
      .filter(
        ({ policy }) => !['static-peak', 'oracle', 'oracle-p99.9', 'slo', 'cost-optimize'].includes(policy),
      )
      .filter(
        (peer) =>
          peer.gpuHours < ours.gpuHours &&
          peer.lateRatio < ours.lateRatio &&
          peer.minutesLateRatio < ours.minutesLateRatio,
      )
      .map(({ policy }) => `${policy} on ${row.trace}`);
  });
  const flapping = startupSeconds === 60 ? rows.filter(({ trace }) => DIURNAL.includes(trace)) : [];
  const changes = flapping.map((row) => of(row, 'slo').changesPerDay);
  const lines = [
    `### start-up ${startupSeconds} s`,
    '',
    'Each cell: GPU-hours × oracle P99.9 / late requests / bad minutes / changes a day.',
    '',
    `| policy | ${rows.map(({ trace }) => trace).join(' | ')} |`,
    `| --- | ${rows.map(() => '--:').join(' | ')} |`,
    ...(rows[0]?.policies ?? []).map(({ policy }) => {
      const cells = rows.map((row) => {
        const { vsOracle, lateRatio, minutesLateRatio, changesPerDay } = of(row, policy);
        return `${vsOracle.toFixed(2)} / ${percent(lateRatio)} / ${percent(minutesLateRatio)} / ${changesPerDay.toFixed(0)}`;
      });
      return `| ${policy} | ${cells.join(' | ')} |`;
    }),
    '',
    `- T1, late ≤ 0.5 % and bad minutes ≤ 1 % on every trace: ${mark(slo.every(isWithin))}${worst(rows, slo.map(isWithin))}`,
    `- T2, geometric mean of GPU-hours ≤ ${bar2} × oracle P99.9: ${sloCost.toFixed(3)}, ${mark(sloCost <= bar2)}`,
    `- T3, cost-optimize late ≤ 1 %, ≤ ${bar3} ×: worst ${percent(Math.max(...cost.map(({ lateRatio }) => lateRatio)))}, ${costCost.toFixed(3)}, ${mark(costCost <= bar3 && cost.every(({ lateRatio }) => lateRatio <= 0.01))}`,
    `- T4, no peer cheaper, less late and with fewer bad minutes: ${dominated.length === 0 ? mark(true) : `${mark(false)}: ${dominated.join(', ')}`}`,
  ];
  for (const level of [0.01, 0.005] as const) {
    const compared = rows.flatMap(({ trace, tuned }) => {
      const pair = tuned?.[level];
      if (pair === undefined) return [];
      const { ours, peer } = pair;
      const there = peer === undefined ? 'no peer reaches it' : `${peer.name} ${peer.vsOracle.toFixed(2)}`;
      const here = ours === undefined ? 'not reached' : ours.toFixed(2);
      const holds = peer === undefined || (ours !== undefined && ours <= peer.vsOracle * 1.0005);
      return [{ text: `${trace} ${here} against ${there}${holds ? '' : ' (dearer)'}`, holds }];
    });
    if (compared.length === 0) continue;
    const held = compared.filter(({ holds }) => holds).length;
    lines.push(
      `- T5, at late ≤ ${level * 100} %, no dearer than the cheapest peer tuned in hindsight: ${held} of ${compared.length}: ${compared.map(({ text }) => text).join('; ')}`,
    );
  }
  if (changes.length > 0) {
    const text = changes.map((count) => count.toFixed(0)).join(', ');
    lines.push(
      `- T8, at most 100 changes a day on ${DIURNAL.join(' and ')}: ${text}, ${mark(Math.max(...changes) <= 100)}`,
    );
  }
  return lines;
}

function worst(rows: readonly Row[], holds: readonly boolean[]): string {
  const failing = rows.filter((_, index) => holds[index] === false).map(({ trace }) => trace);
  return failing.length === 0 ? '' : `: ${failing.join(', ')}`;
}
