/** Parts of a Unix time in seconds, UTC. NaN for a time that no calendar holds. */
function utc(read: (date: Date) => number): (seconds: number) => number {
  return (seconds) => {
    // Cut towards zero, as Prometheus does: half a second before 1970 is still 1970.
    const date = new Date(Math.trunc(seconds) * 1000);
    return Number.isNaN(date.getTime()) ? Number.NaN : read(date);
  };
}

const DAY_MS = 86_400_000;

/** 0 to 59. */
export const minute: (seconds: number) => number = utc((date) => date.getUTCMinutes());
/** 0 to 23. */
export const hour: (seconds: number) => number = utc((date) => date.getUTCHours());
/** 0 is Sunday. */
export const dayOfWeek: (seconds: number) => number = utc((date) => date.getUTCDay());
/** 1 to 31. */
export const dayOfMonth: (seconds: number) => number = utc((date) => date.getUTCDate());
/** 1 to 366. */
export const dayOfYear: (seconds: number) => number = utc((date) => {
  const newYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - newYear) / DAY_MS) + 1;
});
/** 28 to 31. */
export const daysInMonth: (seconds: number) => number = utc((date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
);
/** 1 to 12. */
export const month: (seconds: number) => number = utc((date) => date.getUTCMonth() + 1);
/** Such as 2026. */
export const year: (seconds: number) => number = utc((date) => date.getUTCFullYear());
