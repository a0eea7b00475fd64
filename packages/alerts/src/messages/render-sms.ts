import type { Notification } from '../channels/channel.ts';
import { catalogue } from './catalogue.ts';
import { formatValue, oneLine, shorten } from './render-message.ts';

/**
 * The variables of an SMS template such as `${status}:${name},当前值 ${value}`.
 *
 * Each is without the addresses that Aliyun refuses in variables.
 *
 * @param maxLength - Of one variable, in characters: 20 is the shortest that Aliyun allows.
 */
export function renderSms(
  { alerts, locale, status }: Notification,
  maxLength: number,
): Readonly<Record<string, string>> {
  const texts = catalogue[locale];
  const [first] = alerts;
  const more = alerts.length > 1 ? ` +${alerts.length - 1}` : '';
  const name = first?.labels['alertname'] ?? '';
  const value = first?.value === undefined ? texts.unknownValue : formatValue(first.value);
  return {
    status: fit(texts[status], maxLength),
    name: fit(name, maxLength - more.length) + more,
    value: fit(value, maxLength),
  };
}

function fit(text: string, max: number): string {
  const clean = oneLine(text)
    .replaceAll(/https?:\/\/\S+|\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '')
    .trim();
  return shorten(clean, max);
}
