import type { GpuDetails } from '../device/gpu-detail.ts';
import type { GpuDevice } from '../device/gpu-device.ts';
import { createGpmSampler } from './gpm-sampler.ts';
import type { Nvml } from './nvml-calls.ts';
import { ownMemory, type OwnProcess } from './own-memory.ts';
import { readFields } from './read-fields.ts';
import { readInstances } from './read-instances.ts';
import { processCall, readProcesses } from './read-processes.ts';
import { readSlowDetails } from './read-slow-details.ts';
import { createXidListener } from './xid-listener.ts';

/** What one round is to read beside the six main readings. */
export interface DetailOptions {
  /** Whether it is time for what changes slowly or takes long; else its last answer goes along. */
  readonly slow: boolean;
  /** Whose memory is asked for, in slow rounds. */
  readonly processes: 'off' | 'self' | 'all';
}

type DeviceDetails = Pick<GpuDevice, 'details' | 'instances' | 'xids' | 'selfMemoryBytes' | 'processes'>;

/** Reads the details of GPUs, and keeps what must be kept from round to round. */
export interface DetailReader {
  /** Begins a round: the errors since the last one, by handle. */
  begin(): ReadonlyMap<bigint, readonly number[]>;
  read(
    handle: bigint,
    uuid: string,
    options: DetailOptions,
    xids: ReadonlyMap<bigint, readonly number[]>,
  ): DeviceDetails;
  /** Ends a round: forgets what was not seen in it. */
  end(): void;
  close(): void;
}

/** What the last slow round said of one GPU. */
interface SlowAnswer {
  readonly details: GpuDetails;
  readonly processes: Pick<GpuDevice, 'selfMemoryBytes' | 'processes'>;
}

export function createDetailReader(nvml: Nvml, own: OwnProcess): DetailReader {
  const gpm = createGpmSampler(nvml);
  const listener = createXidListener(nvml);
  const processes = processCall(nvml);
  let slowAnswers = new Map<string, SlowAnswer>();
  let seen = new Map<string, SlowAnswer>();

  function readOwners(handle: bigint, wanted: DetailOptions['processes']): SlowAnswer['processes'] {
    if (wanted === 'off') return {};
    const list = readProcesses(processes, handle);
    const selfMemoryBytes = ownMemory(list, own);
    return wanted === 'all' && 'map' in list ? { selfMemoryBytes, processes: list } : { selfMemoryBytes };
  }

  return {
    begin: () => listener.take(),
    read(handle, uuid, { slow, processes: wanted }, xids) {
      listener.listen(handle);
      const before = slowAnswers.get(uuid);
      const answer =
        slow || before === undefined
          ? { details: readSlowDetails(nvml, handle), processes: readOwners(handle, wanted) }
          : before;
      seen.set(uuid, answer);
      const instances = readInstances(nvml, handle, gpm);
      const errors = xids.get(handle);
      return {
        details: { ...gpm.read(handle, uuid), ...readFields(nvml, handle), ...answer.details },
        ...answer.processes,
        ...(instances !== undefined && { instances }),
        ...(errors !== undefined && { xids: errors }),
      };
    },
    end() {
      gpm.sweep();
      slowAnswers = seen;
      seen = new Map();
    },
    close() {
      gpm.close();
      listener.close();
    },
  };
}
