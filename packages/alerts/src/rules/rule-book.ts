import type { StateStore } from '../store/state-store.ts';
import type { AlertInstance } from './alert-instance.ts';
import { newRuleState, type Evaluated, type RuleState } from './evaluator.ts';
import type { Rule, RuleFile, RuleGroup } from './rule.ts';
import { resolvedInstance, type TransitionReason } from './step.ts';

/** A group and when it is evaluated next. */
export interface GroupSchedule {
  readonly group: RuleGroup;
  readonly states: readonly RuleState[];
  nextMs: number;
}

/** An alert whose rule is gone, as it is told: resolved, with the reason. */
export interface Orphan {
  readonly instance: AlertInstance;
  readonly reason: Extract<TransitionReason, 'rule-removed' | 'rule-changed'>;
}

/** All rules and their alerts; what must outlive the process goes to the store. */
export interface RuleBook {
  readonly schedules: readonly GroupSchedule[];
  /** Pending and firing alerts. */
  present(): AlertInstance[];
  /** An alert that fires, and its rule; two rules may raise one alert. */
  firing(fingerprint: string): { readonly instance: AlertInstance; readonly rule: Rule } | undefined;
  /** Keeps what an evaluation has changed. @returns the alerts that must be told of, in order */
  keep(evaluated: Evaluated): Iterable<{ readonly instance: AlertInstance; readonly isToldOf: boolean }>;
  /** Puts other rules in the place of those that are there. Rules that stay what they were keep their alerts. */
  replace(files: readonly RuleFile[], nowMs: number): readonly Orphan[];
  /** The clock was set by so much: what is pending goes on waiting as long as before. */
  shift(byMs: number): void;
}

/**
 * @param intervalMs - Of groups without one of their own.
 */
export function createRuleBook(
  files: readonly RuleFile[],
  store: StateStore,
  intervalMs: number,
  nowMs: number,
): { readonly book: RuleBook; readonly orphans: readonly Orphan[] } {
  let schedules: readonly GroupSchedule[] = [];
  /** Rules by the alerts that they fire. */
  const owners = new Map<string, Set<RuleState>>();

  function replace(
    next: readonly RuleFile[],
    atMs: number,
    alerts: ReadonlyMap<string, ReadonlyMap<string, AlertInstance>>,
    labelsOf: (id: string) => string | undefined,
    lastBeatMs: number | undefined,
  ): readonly Orphan[] {
    const before = new Map(
      schedules.map((schedule) => [`${schedule.group.source};${schedule.group.name}`, schedule]),
    );
    schedules = next
      .flatMap(({ groups }) => groups)
      .map((group) => ({
        group,
        states: group.rules.map((rule, place) => newRuleState(rule, idOf(group, place))),
        nextMs: before.get(`${group.source};${group.name}`)?.nextMs ?? 0,
      }));
    owners.clear();
    const orphans: Orphan[] = [];
    const states = new Map(
      schedules.flatMap((schedule) => schedule.states).map((state) => [state.id, state]),
    );
    const groupOf = new Map(
      schedules.flatMap(({ group, states: those }) => those.map((state) => [state, group])),
    );
    for (const [id, instances] of alerts) {
      const state = states.get(id);
      const isSame = state !== undefined && labelsOf(id) === signatureOf(state.rule);
      if (isSame) {
        state.instances = instances;
        const { intervalMs: interval = intervalMs } = groupOf.get(state) ?? {};
        if (lastBeatMs !== undefined) state.away = { sinceMs: lastBeatMs, intervalMs: interval };
        for (const instance of instances.values()) own(state, instance);
        continue;
      }
      for (const [fingerprint, instance] of instances) {
        store.remove('alert', rowKey(id, fingerprint));
        const reason = state === undefined ? 'rule-removed' : 'rule-changed';
        if (instance.state === 'firing')
          orphans.push({ instance: resolvedInstance(instance, reason, atMs), reason });
      }
      if (state === undefined) store.remove('rule', id);
    }
    for (const [id, { rule }] of states) {
      if (rule.kind === 'alert' && labelsOf(id) !== signatureOf(rule))
        store.put('rule', id, { signature: signatureOf(rule) });
    }
    return orphans;
  }

  function own(state: RuleState, { state: is, fingerprint }: AlertInstance): void {
    const those = owners.get(fingerprint) ?? new Set();
    if (is === 'firing') owners.set(fingerprint, those.add(state));
    else if (those.delete(state) && those.size === 0) owners.delete(fingerprint);
  }

  function firing(fingerprint: string): ReturnType<RuleBook['firing']> {
    for (const { instances, rule } of owners.get(fingerprint) ?? []) {
      const instance = instances.get(fingerprint);
      if (instance !== undefined) return { instance, rule };
    }
    return undefined;
  }

  function save(id: string, before: AlertInstance | undefined, instance: AlertInstance): void {
    const key = rowKey(id, instance.fingerprint);
    if (instance.state === 'resolved') store.remove('alert', key);
    else if (before === undefined || isOtherwise(before, instance))
      store.put('alert', key, { rule: id, instance });
  }

  function* keep({
    state,
    before,
    instances,
    transitions,
  }: Evaluated): ReturnType<RuleBook['keep']> & Generator {
    for (const instance of instances) {
      const known = before.get(instance.fingerprint);
      // A change of the state is kept below, together with what is told of it.
      if (known !== instance && known?.state === instance.state) save(state.id, known, instance);
    }
    for (const { fingerprint, to, reason } of transitions) {
      const instance = state.instances.get(fingerprint);
      if (instance === undefined) {
        store.remove('alert', rowKey(state.id, fingerprint));
        continue;
      }
      save(state.id, undefined, instance);
      own(state, instance);
      if (to === 'firing' || to === 'resolved') {
        // Another rule may still raise the very same alert.
        const other = to === 'resolved' ? firing(fingerprint)?.instance : undefined;
        yield { instance: other ?? instance, isToldOf: reason !== 'source-back' };
      }
      const known = before.get(fingerprint);
      if (reason === 'for-raised' && known !== undefined) {
        const nowMs = state.lastEvaluationMs ?? known.activeAtMs;
        yield { instance: resolvedInstance(known, 'rule-changed', nowMs), isToldOf: true };
      }
    }
  }

  const stored = new Map<string, Map<string, AlertInstance>>();
  for (const { rule, instance } of store.rows('alert').values()) {
    stored.set(rule, (stored.get(rule) ?? new Map()).set(instance.fingerprint, instance));
  }
  const signatures = store.rows('rule');
  const lastBeatMs = store.rows('heartbeat').get('')?.atMs ?? nowMs;
  const orphans = replace(files, nowMs, stored, (id) => signatures.get(id)?.signature, lastBeatMs);
  return {
    orphans,
    book: {
      get schedules() {
        return schedules;
      },
      present: () =>
        schedules.flatMap(({ states }) =>
          states.flatMap(({ instances }) =>
            [...instances.values()].filter(({ state }) => state !== 'resolved'),
          ),
        ),
      firing,
      keep,
      replace(next, atMs) {
        const states = schedules.flatMap((schedule) => schedule.states);
        const present = new Map(states.map(({ id, instances }) => [id, instances]));
        const known = new Map(states.map(({ id, rule }) => [id, signatureOf(rule)]));
        return replace(next, atMs, present, (id) => known.get(id), undefined);
      },
      shift(byMs) {
        for (const schedule of schedules) {
          schedule.nextMs += byMs;
          for (const state of schedule.states) {
            state.instances = new Map(
              [...state.instances].map(([key, instance]) => {
                const shifted = shiftedInstance(instance, byMs);
                if (shifted !== instance) save(state.id, instance, shifted);
                return [key, shifted];
              }),
            );
          }
        }
      },
    },
  };
}

/**
 * What only waits moves with the clock. What fires keeps the time that was told; but when the clock went back, it must
 * not look as if its condition held too short a time to fire.
 */
function shiftedInstance(instance: AlertInstance, byMs: number): AlertInstance {
  const { state, activeAtMs, keepFiringSinceMs } = instance;
  if (state === 'pending') return { ...instance, activeAtMs: activeAtMs + byMs };
  return {
    ...instance,
    activeAtMs: activeAtMs + Math.min(byMs, 0),
    ...(keepFiringSinceMs === undefined ? {} : { keepFiringSinceMs: keepFiringSinceMs + byMs }),
  };
}

/** Values and texts come with the next evaluation; these do not. */
function isOtherwise(a: AlertInstance, b: AlertInstance): boolean {
  return (
    a.state !== b.state ||
    a.activeAtMs !== b.activeAtMs ||
    a.firedAtMs !== b.firedAtMs ||
    a.keepFiringSinceMs !== b.keepFiringSinceMs ||
    a.noDataSinceMs !== b.noDataSinceMs
  );
}

/** Rules of one group may share a name: then their order tells them apart. */
function idOf({ source, name, rules }: RuleGroup, place: number): string {
  const rule = rules[place];
  const number = rules.slice(0, place).filter((other) => other.name === rule?.name).length;
  return `${source};${name};${rule?.name};${number}`;
}

/** What makes a rule another one: its alerts get other labels. */
function signatureOf({ labels }: Rule): string {
  return JSON.stringify(labels);
}

function rowKey(rule: string, fingerprint: string): string {
  return `${rule};${fingerprint}`;
}
