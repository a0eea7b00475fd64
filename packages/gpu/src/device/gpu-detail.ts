import type { Reading } from './reading.ts';

/** Readings that not every GPU has, or that are dear. Totals (`…Seconds`, `…Errors`, `…Bytes`) are the driver's own. */
export type DetailName =
  | 'smUtilization'
  | 'smOccupancy'
  | 'tensorUtilization'
  | 'dramUtilization'
  | 'memoryReservedBytes'
  | 'memoryTemperatureCelsius'
  | 'smClockHertz'
  | 'memoryClockHertz'
  | 'powerLimitWatts'
  | 'fanRatio'
  | 'powerCapSeconds'
  | 'syncBoostSeconds'
  | 'softwareThermalSeconds'
  | 'hardwareThermalSeconds'
  | 'powerBrakeSeconds'
  | 'pcieTransmittedBytes'
  | 'pcieReceivedBytes'
  | 'eccCorrectedErrors'
  | 'eccUncorrectedErrors';

const details: Readonly<Record<DetailName, true>> = {
  smUtilization: true,
  smOccupancy: true,
  tensorUtilization: true,
  dramUtilization: true,
  memoryReservedBytes: true,
  memoryTemperatureCelsius: true,
  smClockHertz: true,
  memoryClockHertz: true,
  powerLimitWatts: true,
  fanRatio: true,
  powerCapSeconds: true,
  syncBoostSeconds: true,
  softwareThermalSeconds: true,
  hardwareThermalSeconds: true,
  powerBrakeSeconds: true,
  pcieTransmittedBytes: true,
  pcieReceivedBytes: true,
  eccCorrectedErrors: true,
  eccUncorrectedErrors: true,
};

/** All details, in the order in which they travel from the helper. */
export const detailNames: readonly DetailName[] = Object.keys(details) as DetailName[];

/** The details that a source reads; one that it does not know is left out. */
export type GpuDetails = Readonly<Partial<Record<DetailName, Reading>>>;

/** A part of a GPU in MIG mode, with memory and multiprocessors of its own. */
export interface MigInstance {
  /** `MIG-` and a UUID. */
  readonly uuid: string;
  /** The product and the profile, such as `NVIDIA H200 MIG 3g.71gb`. */
  readonly name: string;
  readonly memoryUsedBytes: Reading;
  readonly memoryTotalBytes: Reading;
  /** Fraction in [0, 1] of its own multiprocessors that were busy: MIG has no other utilisation. */
  readonly smUtilization: Reading;
  /** Its part of the GPU's slices in [0, 1], such as 3 of 7; absent where its name does not tell. */
  readonly sliceRatio?: number;
}

/** A process that uses a GPU to compute. */
export interface GpuProcess {
  /** As the driver names it: in a container that may be the host's number. */
  readonly pid: number;
  readonly memoryUsedBytes: Reading;
}
