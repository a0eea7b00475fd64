/**
 * The process that touches the driver, so that the service never does: a call that hangs blocks only
 * this process, and a crash inside the library ends only this process.
 *
 * It waits for a question, reads, answers, and waits again, without an event loop: each turn of one would cost more
 * than the readings. It lives as long as the channel to its parent. A driver that will not start, or that has lost
 * every GPU, is reported and the process ends: the next one loads a fresh library, which is what a driver upgrade
 * needs (loading the same soname twice in a process gives the old one again).
 */
import { readSync, writeSync } from 'node:fs';
import type { GpuReport, GpuUnavailable } from '../device/gpu-source.ts';
import type { DetailOptions } from './detail-reader.ts';
import { dieWithParent } from './die-with-parent.ts';
import { endsHelper, HELPER_CHANNEL, type HelperRequest } from './helper-protocol.ts';
import { openNvml } from './open-nvml.ts';
import { replyPacker } from './packed-report.ts';
import type { NvmlSession } from './nvml-session.ts';

const libraryPath = process.argv[2];
const pack = replyPacker();
const room = Buffer.alloc(4_096);
let questions = '';
let nvml: NvmlSession | GpuUnavailable | undefined;

// Ctrl-C and a closed terminal reach every process of the terminal: the service decides when we leave.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

await serve();
if (nvml?.ok === true) nvml.close();
process.exit();

/** Answers until the service wants no more, or is gone. */
async function serve(): Promise<void> {
  for (;;) {
    const request = nextRequest();
    if (request === undefined || request.kind === 'close') return;
    const report = await read(request).catch((error: unknown): GpuReport => ({
      ok: false,
      reason: 'driver-failed',
      evidence: String(error),
    }));
    if (!send(pack(request.id, report)) || endsHelper(report)) return;
  }
}

/** The next question, one a line; `undefined` when the service is gone. */
function nextRequest(): HelperRequest | undefined {
  for (;;) {
    const end = questions.indexOf('\n');
    if (end !== -1) {
      const line = questions.slice(0, end);
      questions = questions.slice(end + 1);
      return JSON.parse(line) as HelperRequest;
    }
    const length = uninterrupted(() => readSync(HELPER_CHANNEL, room));
    if (length === 0) return undefined;
    questions += room.toString('latin1', 0, length);
  }
}

/** Whether the service took it. */
function send(reply: Uint8Array): boolean {
  for (let at = 0; at < reply.length;) {
    const length = uninterrupted(() => writeSync(HELPER_CHANNEL, reply, at));
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** Bytes that were moved, 0 when the other end is gone. A signal may wake us without cause. */
function uninterrupted(move: () => number): number {
  for (;;) {
    try {
      return move();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') return 0;
    }
  }
}

async function read(wanted: DetailOptions): Promise<GpuReport> {
  if (nvml === undefined) {
    await dieWithParent();
    nvml = await openNvml({ servicePid: process.ppid, ...(libraryPath !== undefined && { libraryPath }) });
  }
  return nvml.ok ? nvml.read(wanted) : nvml;
}
