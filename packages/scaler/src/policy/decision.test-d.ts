import { expectTypeOf, test } from 'vitest';
import type { Decision, HoldReason, UpReason } from './decision.ts';

test('the action of a decision narrows its reason', () => {
  expectTypeOf<Extract<Decision, { action: 'up' }>['reason']>().toEqualTypeOf<UpReason>();
  expectTypeOf<Extract<Decision, { action: 'hold' }>['reason']>().toEqualTypeOf<HoldReason>();
  expectTypeOf<HoldReason>().not.toEqualTypeOf<string>();
});
