// Takes the pictures of the READMEs from the running demo: docs/images/monitor-{en,zh-CN}.png
//
//   npm run pnpm -- run screenshot        needs Chromium, takes about 80 seconds
import { setTimeout as sleep } from 'node:timers/promises';
import { openPage, startChromium } from '../test/integration/support/chromium.ts';
import { startDemo } from '../test/integration/support/demo-process.ts';

// The moment after the alert fired and the replicas grew, before the lens is cleaned.
const momentSeconds = 62;

const demo = await startDemo('--seconds', '90', '--json', '--port', '0');
const startedMs = performance.now();
const browser = await startChromium();
try {
  const locales = ['en', 'zh-CN'];
  const pages = await Promise.all(
    locales.map(async (locale) => ({
      locale,
      ...(await openPage(browser, `${demo.pageUrl}?range=5m`, locale)),
    })),
  );
  await sleep(momentSeconds * 1000 - (performance.now() - startedMs));
  for (const { locale, page } of pages) {
    if (locale === 'zh-CN') await page.getByTestId('language').click();
    await page.screenshot({ path: `docs/images/monitor-${locale}.png` });
    console.log(`docs/images/monitor-${locale}.png`);
  }
} finally {
  await browser.close();
  demo.kill('SIGTERM');
  await demo.finished;
}
