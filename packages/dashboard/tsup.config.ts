import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

export default defineConfig([
  {
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'node22.15',
    platform: 'node',
    outDir: 'dist',
    dts: false, // tsc writes the declarations: see tsconfig.build.json
    sourcemap: true,
    clean: ['!page/**'], // the page below is built at the same time
    silent: true,
    removeNodeProtocol: false, // 'sqlite' without 'node:' does not exist
  },
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
