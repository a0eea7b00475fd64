import { z } from 'zod';
import { parseDurationMs } from '../rules/duration.ts';

/** A Prometheus duration, read in milliseconds. */
export const durationMs: z.ZodType<number> = z.string().transform((text, context) => {
  const ms = parseDurationMs(text);
  if (ms !== undefined) return ms;
  return refuse(context, `expected a duration such as "10m" or "1h30m", got ${JSON.stringify(text)}`);
});

/** A whole number from 0. */
export const wholeNumber: z.ZodType<number> = z.string().transform((text, context) => {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  return refuse(context, `expected a whole number, got ${JSON.stringify(text)}`);
});

/** `true` or `false`. */
export const flag: z.ZodType<boolean> = z.string().transform((text, context) => {
  if (text === 'true' || text === 'false') return text === 'true';
  return refuse(context, `expected true or false, got ${JSON.stringify(text)}`);
});

/** A text that is not empty. */
export const name: z.ZodType<string> = z.string().transform((text, context) => {
  return text === '' ? refuse(context, 'must not be empty') : text;
});

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
