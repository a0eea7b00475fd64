import { readFile } from 'node:fs/promises';
import type { GpuUnavailable, UnavailableReason } from '../device/gpu-source.ts';
import { findHardware, isInContainer } from './find-hardware.ts';
import { loadKoffi } from './koffi-library.ts';
import { libraryCandidates } from './library-candidates.ts';
import type { NativeLibrary, OpenLibrary } from './native-library.ts';
import { bindNvml } from './nvml-calls.ts';
import { namespacePids } from './own-memory.ts';
import { startNvml, type NvmlSession } from './nvml-session.ts';

export interface OpenNvmlOptions {
  /** Where NVML lies; the usual places without it. */
  readonly libraryPath?: string;
  /** The process whose GPU memory is its own: the service. */
  readonly servicePid: number;
}

/** Loads and starts NVML in this process, or says why not. Belongs into the helper: a driver can hang or crash. */
export async function openNvml({
  libraryPath,
  servicePid,
}: OpenNvmlOptions): Promise<NvmlSession | GpuUnavailable> {
  let open: OpenLibrary;
  try {
    open = await loadKoffi();
  } catch (error) {
    return ffiFailure(error);
  }
  const paths = libraryPath === undefined ? libraryCandidates(process.platform, process.env) : [libraryPath];
  if (paths.length === 0) {
    return { ok: false, reason: 'unsupported-platform', evidence: process.platform };
  }
  const failures: LoadFailure[] = [];
  for (const path of paths) {
    const attempt = tryOpen(open, path);
    if (attempt.ok) return start(attempt.library, servicePid);
    failures.push(attempt);
  }
  return libraryFailure(failures, libraryPath, await findHardware());
}

/** What does not start is not left loaded: after an upgrade it would be found again in place of the new one. */
async function start(library: NativeLibrary, servicePid: number): Promise<NvmlSession | GpuUnavailable> {
  const [inContainer, pids] = await Promise.all([isInContainer(), pidsOf(servicePid)]);
  const unload = (): void => library.unload();
  const nvml = startNvml(bindNvml(library), { inContainer, pids, unload });
  if (!nvml.ok) unload();
  return nvml;
}

async function pidsOf(pid: number): Promise<readonly number[]> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return namespacePids(status, pid);
}

function ffiFailure(error: unknown): GpuUnavailable {
  const code = (error as NodeJS.ErrnoException).code;
  const isForbidden = code === 'ERR_DLOPEN_DISABLED' || code === 'ERR_ACCESS_DENIED';
  return {
    ok: false,
    reason: isForbidden ? 'ffi-not-allowed' : 'ffi-not-installed',
    evidence: code ?? firstLine(error),
  };
}

/** A library that did not load, and what the dynamic linker said; its message leaves out the path. */
export interface LoadFailure {
  readonly path: string;
  readonly message: string;
}

type Attempt =
  | { readonly ok: true; readonly library: NativeLibrary }
  | ({ readonly ok: false } & LoadFailure);

function tryOpen(open: OpenLibrary, path: string): Attempt {
  try {
    return { ok: true, library: open(path) };
  } catch (error) {
    return { ok: false, path, message: firstLine(error) };
  }
}

/** Absent is one thing; present and refused by the linker (empty file, other processor, musl) another. */
export function libraryFailure(
  failures: readonly LoadFailure[],
  libraryPath: string | undefined,
  hardware: string | undefined,
): GpuUnavailable {
  const refused = failures.find(({ message }) => !isAbsent(message));
  if (refused !== undefined) {
    return { ok: false, reason: 'library-unusable', evidence: `${refused.path}: ${refused.message}` };
  }
  const reason: UnavailableReason =
    libraryPath === undefined
      ? hardware === undefined
        ? 'no-gpu'
        : 'gpu-without-library'
      : 'library-not-found';
  const searched = `${failures.map(({ path }) => path).join(', ')} not found`;
  return {
    ok: false,
    reason,
    evidence: hardware === undefined ? searched : `${hardware} is there, ${searched}`,
  };
}

/** A library whose own dependency is absent is there, and unusable: on musl, NVIDIA's needs glibc's loader. */
function isAbsent(message: string): boolean {
  if (/needed by|library: [^:]+: cannot open/i.test(message)) return false;
  return /no such file|cannot find|could not be found|module not found/i.test(message);
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
