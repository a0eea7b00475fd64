import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pageAssets } from '../src/server/page-assets.ts';

const read = pageAssets();
const isBuilt = (await read('app.js')) !== undefined;

it.for([
  ['app.js', 60],
  ['app.css', 6],
] as const)('%s is at most %d kB over the wire (needs npm run build)', async ([name, maxKb], { skip }) => {
  const content = await read(name);
  if (content === undefined) return skip('the page has not been built');
  return expect(gzipSync(content).length).toBeLessThanOrEqual(maxKb * 1024);
});

it.skipIf(!isBuilt)('carries the licences of what is bundled (needs npm run build)', async () => {
  const script = await read('app.js');
  for (const author of ['Jason Miller', 'Leon Sorokin']) expect(script).toContain(author);
});
