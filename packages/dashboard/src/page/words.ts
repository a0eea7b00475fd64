import { fill, text, type LocalText, type TextKey } from '../text/catalogue.ts';
import { locale } from './state.ts';

/** A text of the catalogue in the reader's language, with its places filled in. */
export function say(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  return fill(text(key)[locale.value], values);
}

/** A text that came with the data, in the reader's language. */
export function read(localText: LocalText): string {
  return localText[locale.value];
}

/** Time of day; with the date where it is not today's. Always 24 hours, always the browser's zone. */
export function clockTime(timeMs: number, nowMs: number): string {
  const isToday = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return (isToday ? timeOfDay : dateAndTime).format(timeMs);
}

/** Hours and minutes for the axis; seconds where steps are short. */
export function axisTime(timeMs: number, withSeconds: boolean): string {
  return (withSeconds ? timeOfDay : hourAndMinute).format(timeMs);
}

// Formatters are costly to make and free to keep. sv-SE writes 2026-11-23 20:15:00 in every language.
const timeOfDay = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' });
const hourAndMinute = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short' });
const dateAndTime = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
