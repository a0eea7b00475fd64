import type { PageData } from '../data/page-data.ts';
import { freshness, pageData, range } from './state.ts';

const longestPauseMs = 30_000;

/**
 * Asks for figures again and again: at the server's pace while seen, never while hidden, and ever more
 * slowly while it fails.
 */
export function startPolling(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = new AbortController();
  let etag = '';
  let failures = 0;
  let refreshMs = 5_000;
  let freshAtMs = performance.now();

  async function ask(): Promise<void> {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const data = await fetchData(signal);
      if (signal.aborted) return;
      if (data !== undefined) {
        pageData.value = data;
        refreshMs = data.refreshMs;
      }
      failures = 0;
      freshAtMs = performance.now();
      freshness.value = { state: 'live' };
    } catch {
      if (signal.aborted) return;
      failures += 1;
    }
    timer = setTimeout(again, Math.min(longestPauseMs, refreshMs * 2 ** failures));
  }

  /** `undefined`: what is on the screen is still the answer. */
  async function fetchData(signal: AbortSignal): Promise<PageData | undefined> {
    const response = await fetch(`?part=data&range=${range.value}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]),
      headers: etag === '' ? {} : { 'if-none-match': etag },
    });
    if (response.status === 304) return undefined;
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const data = (await response.json()) as PageData;
    // Not before the figures are here: to know their tag and not them would be answered with "unchanged".
    etag = response.headers.get('etag') ?? '';
    return data;
  }

  function again(): void {
    if (document.hidden) return;
    void ask();
  }

  function noticeAge(): void {
    const ageMs = performance.now() - freshAtMs;
    if (document.hidden || ageMs < 3 * refreshMs) return;
    freshness.value = { state: 'stale', seconds: Math.round(ageMs / 1000) };
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(timer);
      running.abort();
      freshness.value = { state: 'paused' };
    } else {
      again();
    }
  });
  // Runs at once, and again whenever another range is chosen.
  range.subscribe(() => {
    etag = '';
    freshAtMs = performance.now();
    again();
  });
  setInterval(noticeAge, 1_000);
}
