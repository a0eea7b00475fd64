import { simulateTexts } from '../../packages/scaler/src/command/simulate-texts.ts';
import { commandTexts as autoscalerTexts } from '../../packages/scaler/src/command/command-texts.ts';
import { commandTexts as tidewatchTexts } from '../../packages/tidewatch/src/command/command-texts.ts';

/** docs/reference/commands.md: the help texts, as the commands print them. */
export function commandsPage(): string {
  const fence = (text: string): string => ['```text', text, '```', ''].join('\n');
  return [
    '# Commands',
    '',
    'Generated from the help texts by `npm run pnpm -- run reference`; do not edit. Each command speaks the language',
    'of the terminal (`LANG`).',
    '',
    '## tidewatch',
    '',
    'Comes with the package [`tidewatch`](../../packages/tidewatch): `npx tidewatch`. Exit status 0: done; 1: the checked',
    'files have faults, each with file, line and column, or what was asked for is not there, or no service answers; 2:',
    'called wrongly. `TIDEWATCH_URL` and `TIDEWATCH_TOKEN` stand for `--url` and `--token` of `explain` and `silence`.',
    '',
    fence(tidewatchTexts.en.usage),
    fence(tidewatchTexts['zh-CN'].usage),
    '## autoscaler',
    '',
    'Comes with the package [`@tidewatch/scaler`](../../packages/scaler): `npx autoscaler`. Its configuration is',
    'described in [config-autoscaler.md](config-autoscaler.md).',
    '',
    fence(autoscalerTexts.en.help),
    fence(autoscalerTexts['zh-CN'].help),
    fence(simulateTexts.en.help),
    fence(simulateTexts['zh-CN'].help),
  ].join('\n');
}
