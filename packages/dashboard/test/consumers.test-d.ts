import type { InstantQuery } from '@tidewatch/core';
import { assertType, expectTypeOf, it } from 'vitest';
import { grafanaDashboard, type AlertView, type DashboardOptions, type DecisionView } from '../src/index.ts';

it('takes richer records than it shows', () => {
  const decision = {
    timeMs: 0,
    action: 'up' as const,
    from: 1,
    to: 3,
    reason: 'above-threshold',
    inputs: [],
    sentence: { 'zh-CN': '', en: '' },
  };
  const alert = {
    name: '',
    state: 'firing' as const,
    labels: {},
    annotations: {},
    activeAtMs: 0,
    firedAtMs: 0,
    deliveredTo: [],
  };
  assertType<DecisionView>(decision);
  assertType<AlertView>(alert); // a value is not always known
  assertType<AlertView>({ ...alert, value: undefined });
});

it('asks for the shapes of core, not for a sibling', () => {
  expectTypeOf<DashboardOptions['query']>().toEqualTypeOf<InstantQuery>();
});

it('promises the schema version in the type', () => {
  expectTypeOf(grafanaDashboard().schemaVersion).toEqualTypeOf<39>();
});
