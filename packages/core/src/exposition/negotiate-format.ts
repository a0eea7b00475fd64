import type { ExpositionFormat } from './exposition-text.ts';

/**
 * The format that a scraper likes best. Plain Prometheus text unless OpenMetrics 1.0 is asked for by name.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function negotiateFormat(accept: string | null): ExpositionFormat {
  let text = 0;
  let openmetrics = 0;
  for (const range of (accept ?? '').toLowerCase().split(',').slice(0, 50)) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = Number(parameterOf(parameters, 'q') ?? 1);
    if (type === 'application/openmetrics-text' && isOurVersion(parameterOf(parameters, 'version'))) {
      openmetrics = Math.max(openmetrics, quality);
    }
    if (type === 'text/plain' || type === 'text/*') text = Math.max(text, quality);
  }
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'prometheus';
}

/** 0.0.1 differs from 1.0.0 in nothing that is written here. */
function isOurVersion(version: string | undefined): boolean {
  return version === undefined || version === '1.0.0' || version === '0.0.1';
}

function parameterOf(parameters: readonly string[], name: string): string | undefined {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`));
  return found?.slice(name.length + 1).replaceAll('"', '');
}
