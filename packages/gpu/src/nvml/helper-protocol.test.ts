import { expect, it } from 'vitest';
import { silentDevice } from '../device/gpu-device.ts';
import { fakeDevice, fakeReport } from '../testing/scripted-gpu-source.ts';
import { endsHelper, helperEnd } from './helper-protocol.ts';

const lost = silentDevice({ index: 1, uuid: 'GPU-1', name: 'Fake' }, { ok: false, why: 'lost' });

it.for([
  ['all is well', fakeReport(fakeDevice({ utilization: 0 })), false],
  ['no GPU is counted yet', fakeReport(), false],
  ['one of two is lost', fakeReport(fakeDevice({ utilization: 0 }), lost), false], // the other is still read
  ['every one is lost', fakeReport(lost), true],
  ['the driver was upgraded', { ok: false, reason: 'driver-mismatch' }, true], // only a new process loads the new one
] as const)('when %s, the helper leaves: %s', ([, report, leaves]) => {
  expect(endsHelper(report)).toBe(leaves);
});

it.for([
  // status   signal     reason
  [null, 'SIGSEGV', 'helper-crashed'],
  [null, 'SIGKILL', 'helper-crashed'], // the kernel was out of memory
  [0xc0000005, null, 'helper-crashed'], // the same on Windows
  [1, null, 'helper-not-started'], // bundled away: its file is not there
] as const)('status %s, signal %s means %s', ([status, signal, reason]) => {
  expect(helperEnd(status, signal).reason).toBe(reason);
});
