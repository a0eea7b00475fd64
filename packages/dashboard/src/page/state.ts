import type { Locale } from '@tidewatch/core';
import { signal, type Signal } from '@preact/signals';
import type { PageData } from '../data/page-data.ts';
import { isRangeId, type RangeId } from '../data/time-range.ts';

export type Theme = 'light' | 'dark';

/** How fresh the figures on the screen are. */
export type Freshness =
  | { readonly state: 'loading' | 'live' | 'paused' }
  | { readonly state: 'stale'; readonly seconds: number };

/** The latest answer of the server; `undefined` before the first. */
export const pageData: Signal<PageData | undefined> = signal(undefined);
export const freshness: Signal<Freshness> = signal({ state: 'loading' });
export const range: Signal<RangeId> = signal(rangeFromUrl());
export const locale: Signal<Locale> = signal(remembered('locale', isLocale) ?? localeOfPage());
export const theme: Signal<Theme> = signal(remembered('theme', isTheme) ?? themeOfSystem());
/** The step under the pointer, the same in all charts; `undefined` away from them. */
export const pointedStep: Signal<number | undefined> = signal(undefined);

export function chooseRange(choice: RangeId): void {
  range.value = choice;
  history.replaceState(null, '', `?range=${choice}${location.hash}`);
}

export function switchLocale(): void {
  locale.value = locale.value === 'en' ? 'zh-CN' : 'en';
  remember('locale', locale.value);
}

export function switchTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  remember('theme', theme.value);
}

function rangeFromUrl(): RangeId {
  const named = new URLSearchParams(location.search).get('range') ?? '';
  return isRangeId(named) ? named : '15m';
}

function localeOfPage(): Locale {
  return document.documentElement.lang === 'en' ? 'en' : 'zh-CN';
}

function themeOfSystem(): Theme {
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

function isLocale(value: string): value is Locale {
  return value === 'en' || value === 'zh-CN';
}

function isTheme(value: string): value is Theme {
  return value === 'light' || value === 'dark';
}

function remembered<T extends string>(key: string, isValid: (value: string) => value is T): T | undefined {
  try {
    const value = localStorage.getItem(`tidewatch.${key}`) ?? '';
    return isValid(value) ? value : undefined;
  } catch {
    return undefined; // storage is blocked: the choice lasts until the page is closed
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`tidewatch.${key}`, value);
  } catch {
    // storage is blocked: the choice lasts until the page is closed
  }
}
