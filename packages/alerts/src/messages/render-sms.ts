import type { Notification } from '../channels/channel.ts';
import { catalogue } from './catalogue.ts';
import { formatValue } from './render-message.ts';

/** The shortest limit of Aliyun's template variables. */
const MAX_VARIABLE = 20;

/**
 * The variables of an SMS template such as `${status}:${name},当前值 ${value}`.
 *
 * Each is at most 20 characters, without the addresses that Aliyun refuses in variables.
 */
export function renderSms({ alerts, locale, status }: Notification): Readonly<Record<string, string>> {
  const texts = catalogue[locale];
  const [first] = alerts;
  const more = alerts.length > 1 ? ` +${alerts.length - 1}` : '';
  const name = first?.labels['alertname'] ?? '';
  const value = first?.value === undefined ? texts.unknownValue : formatValue(first.value);
  return {
    status: fit(texts[status], MAX_VARIABLE),
    name: fit(name, MAX_VARIABLE - more.length) + more,
    value: fit(value, MAX_VARIABLE),
  };
}

function fit(text: string, max: number): string {
  const clean = text.replaceAll(/https?:\/\/\S+|\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '').trim();
  const characters = Array.from(clean);
  return characters.length <= max ? clean : `${characters.slice(0, max - 1).join('')}…`;
}
