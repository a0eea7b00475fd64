import type { JSX } from 'preact';

/** Icons are drawn, not typed: symbol characters are missing from many system fonts. */
function icon(path: string): JSX.Element {
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

export const CheckIcon = (): JSX.Element => icon('M4 10.5l4 4 8-9');
export const WarningIcon = (): JSX.Element => icon('M10 3L18 17H2ZM10 8.5v3.5M10 14.6v.1');
export const BellIcon = (): JSX.Element =>
  icon('M4 14h12c-1.5-1.5-1.5-3-1.5-5a4.5 4.5 0 0 0-9 0c0 2 0 3.5-1.5 5M8.5 17h3');
export const QuestionIcon = (): JSX.Element => icon('M7 7a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 2M10 15.2v.1');
export const UpIcon = (): JSX.Element => icon('M10 16V4M5 9l5-5 5 5');
export const DownIcon = (): JSX.Element => icon('M10 4v12M5 11l5 5 5-5');
export const SunIcon = (): JSX.Element =>
  icon(
    'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 1.5v1.5M10 17v1.5M1.5 10h1.5M17 10h1.5M4 4l1 1M15 15l1 1M16 4l-1 1M5 15l-1 1',
  );
export const MoonIcon = (): JSX.Element => icon('M16.5 12.5A7 7 0 0 1 7.5 3.5a7 7 0 1 0 9 9Z');
