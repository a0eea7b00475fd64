import { expect, it } from 'vitest';
import { initFailure, missingReading } from './nvml-code.ts';

it.for([
  // code why                 why the row is here
  [3, 'unsupported'], //      consumer cards, MIG
  [4, 'denied'], //           not root
  [17, 'denied'], //          the container's device rules
  [15, 'lost'], //            off the bus
  [16, 'lost'], //            needs a reset
  [13, 'not-implemented'], // symbol of a later driver
  [25, 'not-implemented'], // structure of a later driver
  [26, 'not-implemented'], // withdrawn
  [27, 'not-ready'],
  [6, 'not-ready'], //        no samples yet
  [10, 'timeout'],
  [999, 'error'],
  [12345, 'error'], //        a code of the future
] as const)('code %i means %s and never a value', ([code, why]) => {
  expect(missingReading(code)).toEqual({ ok: false, why, code });
});

it.for([
  // code container  reason                     why the row is here
  [9, false, 'driver-not-loaded'],
  [28, false, 'no-devices'],
  [18, false, 'driver-mismatch'], //        unattended upgrade
  [4, false, 'no-permission'],
  [17, true, 'no-permission'],
  [999, true, 'container-lost-devices'], // after systemctl daemon-reload
  [999, false, 'driver-failed'], //         the same code means less on bare metal
  [23, false, 'driver-failed'],
] as const)('start failing with %i (in a container: %s) is %s', ([code, inContainer, reason]) => {
  expect(initFailure(code, inContainer)).toBe(reason);
});
