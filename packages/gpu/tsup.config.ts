import { defineConfig } from 'tsup';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'testing/index': 'src/testing/index.ts',
    'nvml-helper': 'src/nvml/nvml-helper.ts', // forked, never imported: see src/nvml/nvml-source.ts
  },
  external: ['koffi'], // an optional dependency: tsup would bundle it, and its native part would be lost
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
