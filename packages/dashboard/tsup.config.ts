import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { nodeLibrary } from '../../tools/node-library.ts';

export default defineConfig([
  nodeLibrary(['src/index.ts'], { clean: ['!page/**'] }), // the page below is built at the same time
  {
    // What the browser loads: one script and one style sheet, with everything in them.
    entry: ['src/page/app.tsx', 'src/page/app.css'],
    format: ['esm'],
    target: 'es2023',
    platform: 'browser',
    outDir: 'dist/page',
    dts: false,
    sourcemap: false,
    clean: true,
    silent: true,
    minify: true,
    noExternal: [/.*/],
    banner: { js: bundledLicences(['preact', '@preact/signals', 'uplot']) },
  },
]);

/** The MIT licence asks to travel with the code; the minifier keeps comments that begin with an exclamation mark. */
function bundledLicences(packages: readonly string[]): string {
  const texts = packages.map((name) => {
    const licence = readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), 'utf8');
    return `${name}\n\n${licence.trim()}`;
  });
  return `/*! This file contains:\n\n${texts.join('\n\n---\n\n')}\n*/`;
}
