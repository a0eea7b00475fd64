import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where a Chromium is; absent when there is none. */
export const chromiumPath: string | undefined = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

export async function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What a page did that it should not have done. */
export interface PageFaults {
  readonly consoleErrors: string[];
  readonly externalRequests: string[];
}

/** Opens a page and notes its console errors and every request to another origin. */
export async function openPage(
  browser: Browser,
  url: string,
  locale: string,
): Promise<{ page: Page; faults: PageFaults }> {
  const context = await browser.newContext({ locale, viewport: { width: 1440, height: 1000 } });
  const page = await context.newPage();
  const faults: PageFaults = { consoleErrors: [], externalRequests: [] };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => faults.consoleErrors.push(error.message));
  page.on('request', (request) => {
    const isOwn = new URL(request.url()).origin === new URL(url).origin || request.url().startsWith('data:');
    if (!isOwn) faults.externalRequests.push(request.url());
  });
  await page.goto(url);
  return { page, faults };
}
