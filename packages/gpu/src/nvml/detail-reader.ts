import type { GpuDetails } from '../device/gpu-detail.ts';
import type { GpuDevice } from '../device/gpu-device.ts';
import { createGpmSampler, type GpmReadings } from './gpm-sampler.ts';
import type { Nvml, NvmlCalls } from './nvml-calls.ts';
import { ownMemory, type OwnProcess } from './own-memory.ts';
import type { MainReadings } from './read-device.ts';
import { readFields, type FieldReadings } from './read-fields.ts';
import { isInMigMode, readInstances } from './read-instances.ts';
import { processCall, readProcesses } from './read-processes.ts';
import { readSlowDetails, type SlowDetails } from './read-slow-details.ts';
import { createXidListener } from './xid-listener.ts';

/** What one round is to read beside the six main readings. */
export interface DetailOptions {
  /** Whether it is time for what changes slowly or takes long; else its last answer goes along. */
  readonly slow: boolean;
  /** Whose memory is asked for, in slow rounds. */
  readonly processes: 'off' | 'self' | 'all';
}

/** Reads the details of GPUs, and keeps what must be kept from round to round. */
export interface DetailReader {
  /** Begins a round: the errors since the last one, by handle. */
  begin(): ReadonlyMap<bigint, readonly number[]>;
  /** The device with its details. `quiet` are the calls without those that this GPU refused. */
  read(
    quiet: NvmlCalls,
    handle: bigint,
    device: MainReadings,
    options: DetailOptions,
    xids: ReadonlyMap<bigint, readonly number[]>,
  ): GpuDevice;
  /** Ends a round: forgets what was not seen in it. */
  end(): void;
  close(): void;
}

/** What the last slow round said of one GPU. */
interface SlowAnswer {
  readonly details: SlowDetails;
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
    read(quiet, handle, device, { slow, processes: wanted }, xids) {
      const { uuid } = device;
      if (slow) gpm.forget(uuid);
      listener.listen(handle);
      const before = slowAnswers.get(uuid);
      const answer =
        slow || before === undefined
          ? { details: readSlowDetails(nvml, handle), processes: readOwners(handle, wanted) }
          : before;
      seen.set(uuid, answer);
      const instances = isInMigMode(quiet, handle) ? readInstances(nvml, handle, gpm) : undefined;
      const errors = xids.get(handle);
      return {
        ...device,
        details: detailsOf(device.details, gpm.read(handle, uuid), readFields(quiet, handle), answer.details),
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

function detailsOf(
  { memoryReservedBytes }: MainReadings['details'],
  gpm: GpmReadings,
  fields: FieldReadings,
  slow: SlowDetails,
): GpuDetails {
  return {
    smUtilization: gpm.smUtilization,
    smOccupancy: gpm.smOccupancy,
    tensorUtilization: gpm.tensorUtilization,
    dramUtilization: gpm.dramUtilization,
    memoryReservedBytes,
    memoryTemperatureCelsius: fields.memoryTemperatureCelsius,
    smClockHertz: slow.smClockHertz,
    memoryClockHertz: slow.memoryClockHertz,
    powerLimitWatts: slow.powerLimitWatts,
    fanRatio: slow.fanRatio,
    powerCapSeconds: fields.powerCapSeconds,
    syncBoostSeconds: fields.syncBoostSeconds,
    softwareThermalSeconds: fields.softwareThermalSeconds,
    hardwareThermalSeconds: fields.hardwareThermalSeconds,
    powerBrakeSeconds: fields.powerBrakeSeconds,
    pcieTransmittedBytes: fields.pcieTransmittedBytes,
    pcieReceivedBytes: fields.pcieReceivedBytes,
    eccCorrectedErrors: slow.eccCorrectedErrors,
    eccUncorrectedErrors: slow.eccUncorrectedErrors,
  };
}
