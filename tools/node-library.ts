import type { Options } from 'tsup';

/** How every package becomes JavaScript: ES modules for the oldest Node that is supported. */
export function nodeLibrary(entry: string[] | Record<string, string>, more: Options = {}): Options {
  return {
    entry,
    format: ['esm'],
    target: 'node22.15',
    platform: 'node',
    outDir: 'dist',
    dts: false, // tsc writes the declarations: see tsconfig.build.json
    sourcemap: true,
    clean: true,
    silent: true,
    removeNodeProtocol: false, // 'sqlite' without 'node:' does not exist
    ...more,
  };
}
