import { CommandUsageError, type Call } from './call.ts';

/**
 * Reads a time: RFC 3339, or Unix seconds.
 *
 * @returns Milliseconds since the Unix epoch.
 * @throws {@link CommandUsageError} when it is missing or no time.
 */
export function timeOption(
  option: string,
  written: string | undefined,
  { texts }: Pick<Call, 'texts'>,
): number {
  if (written === undefined) throw new CommandUsageError(texts.missingOption(option));
  const ms = /^\d+(?:\.\d+)?$/.test(written) ? Number(written) * 1000 : Date.parse(written);
  if (Number.isNaN(ms))
    throw new CommandUsageError(texts.badOption(option, ['2026-11-23T12:00:00Z', '1795435200'], written));
  return ms;
}

const UNIT_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/**
 * Reads a length of time as rule files write it: `90m`, `1h30m`, `2d`.
 *
 * @returns Milliseconds.
 * @throws {@link CommandUsageError} when it is none, or nothing.
 */
export function durationOption(option: string, written: string, { texts }: Pick<Call, 'texts'>): number {
  const parts = [...written.matchAll(/(\d+)([wdhms])/g)];
  const ms = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS],
    0,
  );
  if (parts.map(([part]) => part).join('') !== written || ms === 0)
    throw new CommandUsageError(texts.badOption(option, ['90m', '1h30m', '2d'], written));
  return ms;
}
