/** An instant inside a template, made by `toTime`. */
export class GoTime {
  /** Milliseconds since the Unix epoch. */
  readonly unixMs: number;

  constructor(unixMs: number) {
    this.unixMs = unixMs;
  }
}

/** Prints an instant as Go's `time.Time.String` does in UTC: `1970-01-01 00:00:00.85 +0000 UTC`. */
export function formatTimestamp(unixMs: number): string {
  const seconds = Math.floor(unixMs / 1000);
  const milliseconds = unixMs - seconds * 1000;
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0').replace(/0+$/, '')}`;
  return `${whole}${fraction} +0000 UTC`;
}
