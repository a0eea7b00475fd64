// Writes docs/reference/*.md and the generated files of deploy/ from the code. `npm test` fails when they differ.
//
//   npm run pnpm -- run reference
import { readFile, writeFile } from 'node:fs/promises';
import { autoscalerConfigPage } from './reference/autoscaler-config-page.ts';
import { commandsPage } from './reference/commands-page.ts';
import { deployFiles } from './reference/deploy-files.ts';
import { errorsPage } from './reference/errors-page.ts';
import { messagesPage } from './reference/messages-page.ts';
import { metricsPage } from './reference/metrics-page.ts';
import { promqlPage } from './reference/promql-page.ts';

/** Every generated file of the repository, by path. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/reference/metrics.md': metricsPage(),
    'docs/reference/commands.md': commandsPage(),
    'docs/reference/errors.md': errorsPage(),
    'docs/reference/config-autoscaler.md': autoscalerConfigPage(),
    'docs/reference/messages.md': await messagesPage(),
    'docs/reference/promql.md': await promqlPage(),
    ...deployFiles(),
  };
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(await generatedFiles())) {
    const path = new URL(`../${file}`, import.meta.url);
    const before = await readFile(path, 'utf8').catch(() => '');
    if (before !== text) await writeFile(path, text);
    console.log(`${before === text ? 'unchanged' : 'written'} ${file}`);
  }
}
