import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'node22.15',
  platform: 'node',
  outDir: 'dist',
  dts: false, // tsc writes the declarations: see tsconfig.build.json
  sourcemap: true,
  clean: true,
  silent: true,
  removeNodeProtocol: false, // 'sqlite' without 'node:' does not exist
});
