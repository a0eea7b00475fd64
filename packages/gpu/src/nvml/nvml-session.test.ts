import { expect, it } from 'vitest';
import { bindNvml, type Nvml } from './nvml-calls.ts';
import { startNvml } from './nvml-session.ts';

const wanted = { slow: true, processes: 'off' } as const;

/** Reads a driver that counts no GPUs, and answers these codes when it is asked for their number. */
function read(codes: readonly number[]) {
  const calls: string[] = [];
  const left = [...codes];
  const note = (call: string, code: number): number => {
    calls.push(`${call} ${code}`);
    return code;
  };
  const nvml: Nvml = {
    ...bindNvml({ find: () => undefined, unload: () => {} }),
    nvmlInit_v2: () => note('init', 0),
    nvmlDeviceGetCount_v2: () => note('count', left.shift() ?? 0),
  };
  const session = startNvml(nvml, { inContainer: true, pids: [] });
  return { report: session.ok ? session.read(wanted) : session, calls };
}

it('starts NVML again at once, and once, where somebody else in the process shut it down', () => {
  const healed = read([1]);
  expect(healed.calls).toEqual(['init 0', 'count 1', 'init 0', 'count 0']);
  expect(healed.report).toMatchObject({ ok: true, devices: [] });
  const again = read([1, 1]);
  expect(again.calls).toEqual(['init 0', 'count 1', 'init 0', 'count 1']);
  expect(again.report).toMatchObject({ ok: false, reason: 'driver-failed' }); // and from here on with a pause
});

it.for([
  // counting answers   reason
  [18, 'driver-mismatch'], //  upgraded while we ran
  [9, 'driver-not-loaded'], // unloaded while we ran
  [17, 'no-permission'], //    the container's device rules
  [999, 'driver-failed'], //   may pass: only at the start it is the container
] as const)('a driver that answers %i when it counts is %s', ([code, reason]) => {
  expect(read([code]).report).toMatchObject({ ok: false, reason });
});
