import { expect, it } from 'vitest';
import { atClockChanges, walkTwoYears } from '../../packages/scaler/test/window-years.ts';

it.for(Object.entries(atClockChanges))(
  'in each minute of two years in %s exactly one of the windows that share their boundaries is in force',
  ([timezone, unusual]) => {
    expect(walkTwoYears(timezone, true)).toEqual({ faults: [], unusual });
  },
);
