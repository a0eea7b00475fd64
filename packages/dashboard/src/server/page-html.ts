import type { Locale } from '@tidewatch/core';

export interface PageHtmlOptions {
  readonly title: string;
  readonly locale: Locale;
}

/**
 * The page before its script has run.
 *
 * Assets are addressed by query alone: `?part=app.js` names the same file from `/monitor`, from `/monitor/`
 * and from behind a proxy that takes a prefix away, so no base path has to be configured.
 */
export function pageHtml({ title, locale }: PageHtmlOptions): string {
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="?part=app.css">
<script type="module" src="?part=app.js"></script>
</head>
<body><div id="app"></div></body>
</html>
`;
}

function escapeHtml(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
