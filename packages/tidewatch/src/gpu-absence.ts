import type { Locale } from '@tidewatch/core';
import { gpuMetrics, reasonText, type GpuMonitor } from '@tidewatch/gpu';
import type { Notice } from '@tidewatch/dashboard';

/**
 * The GPU series that cannot exist on this machine, with the reason; none while there is hope for a GPU.
 *
 * The autoscaler sets metrics over such series aside: known to be absent is not the same as unknown.
 */
export function missingGpuSeries(gpu: GpuMonitor, locale: Locale): Readonly<Record<string, string>> {
  const { state, reason } = gpu.status();
  if (state !== 'none' || reason === undefined) return {};
  const { text } = reasonText(reason, locale);
  return Object.fromEntries(gpuMetrics.map(({ name }) => [name, text]));
}

/** The line on the page that says why there are no GPU readings; none when there are. */
export function gpuNotice(gpu: GpuMonitor): readonly Notice[] {
  const { reason } = gpu.status();
  if (reason === undefined) return [];
  const sentence = (locale: Locale): string => {
    const { text, hint } = reasonText(reason, locale);
    return locale === 'en' ? `${text}: ${hint}` : `${text}:${hint}`;
  };
  return [{ text: { en: sentence('en'), 'zh-CN': sentence('zh-CN') } }];
}
