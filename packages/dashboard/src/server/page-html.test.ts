import { expect, it } from 'vitest';
import { pageHtml } from './page-html.ts';

it.for([
  ['script', '</title><script>alert(1)</script>'],
  ['image', '<img src=x onerror=alert(1)>'],
  ['attribute', `"'><svg onload=alert(1)>`],
  ['template', '{{7*7}}'],
  ['bidi mark', '\u202Egnp.exe'],
  ['length', 'x'.repeat(10_000)],
] as const)('shows a hostile title as text: %s', ([, title]) => {
  const html = pageHtml({ title, locale: 'en' });
  expect(html.match(/<script/g)).toHaveLength(1); // ours
  expect(html.match(/<[a-z!/][^<]*>/gi)?.length).toBe(
    pageHtml({ title: 'x', locale: 'en' }).match(/<[a-z!/][^<]*>/gi)?.length,
  );
});

it('has nothing inline and nothing from elsewhere, so that the strictest policy lets it pass', () => {
  const html = pageHtml({ title: 'x', locale: 'zh-CN' });
  expect(html).not.toMatch(/\son\w+=|<style|style=|<script(?![^>]*\ssrc=)|https?:/);
});
