import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { pageAssets } from './page-assets.ts';

it('has nothing to give before the build, and needs no restart after it', async () => {
  const folder = await mkdtemp(`${tmpdir()}/page-`);
  try {
    const read = pageAssets(pathToFileURL(`${folder}/`));
    expect(await read('app.js')).toBeUndefined();
    await writeFile(`${folder}/app.js`, 'built');
    expect(await read('app.js')).toBe('built');
    expect(await read('app.css')).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
