/**
 * The process that touches the driver, so that the service never does: a call that hangs blocks only
 * this process, and a crash inside the library ends only this process.
 *
 * It lives as long as the channel to its parent. A driver that will not start, or that has lost every
 * GPU, is reported and the process ends: the next one loads a fresh library, which is what a driver
 * upgrade needs (loading the same soname twice in a process gives the old one again).
 */
import type { GpuReport, GpuUnavailable } from '../device/gpu-source.ts';
import type { DetailOptions } from './detail-reader.ts';
import { dieWithParent } from './die-with-parent.ts';
import { endsHelper, type HelperReply, type HelperRequest } from './helper-protocol.ts';
import { openNvml } from './open-nvml.ts';
import { reportPacker } from './packed-report.ts';
import type { NvmlSession } from './nvml-session.ts';

const libraryPath = process.argv[2];
const pack = reportPacker();
let nvml: NvmlSession | GpuUnavailable | undefined;

process.on('disconnect', leave);
// Ctrl-C and a closed terminal reach every process of the terminal: the service decides when we leave.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('message', (request: HelperRequest) => {
  if (request.kind === 'close') leave();
  else void answer(request.id, request);
});

async function answer(id: number, wanted: DetailOptions): Promise<void> {
  const report = await read(wanted).catch((error: unknown): GpuReport => ({
    ok: false,
    reason: 'driver-failed',
    evidence: String(error),
  }));
  const reply: HelperReply = { id, report: pack(report) };
  process.send?.(reply, () => {
    if (endsHelper(report)) leave();
  });
}

async function read(wanted: DetailOptions): Promise<GpuReport> {
  if (nvml === undefined) {
    await dieWithParent();
    nvml = await openNvml({ servicePid: process.ppid, ...(libraryPath !== undefined && { libraryPath }) });
  }
  return nvml.ok ? nvml.read(wanted) : nvml;
}

function leave(): void {
  if (nvml?.ok) nvml.close();
  process.exit();
}
