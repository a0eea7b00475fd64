import type { InstantQuery, RangeQuery } from '@tidewatch/core';
import { expectTypeOf, it } from 'vitest';
import type { PrometheusClient } from '../client/prometheus.ts';
import type { Store } from '../store/store.ts';
import type { Engine, EngineOptions } from './engine.ts';
import type { InstantResult } from './results.ts';

it('gives alerts, scaler and dashboard the shapes they take', () => {
  expectTypeOf<Engine['query']>().toEqualTypeOf<InstantQuery>();
  expectTypeOf<Engine['queryRange']>().toEqualTypeOf<RangeQuery>();
  expectTypeOf<PrometheusClient>().toExtend<Pick<Engine, 'query' | 'queryRange'>>();
  expectTypeOf<Store>().toExtend<EngineOptions['store']>();
});

it('tells the type of a result by its resultType', () => {
  type Scalar = Extract<InstantResult, { resultType: 'scalar' }>;
  expectTypeOf<Scalar['result']['value']>().toEqualTypeOf<number>();
});
