import { defineConfig } from 'vitest/config';

// Benchmarks measure the built packages, imported by Node itself: the export getters of Vite's module
// runner would distort the figures.
export default defineConfig({
  test: {
    include: [],
    benchmark: { include: ['bench/**/*.bench.ts', 'packages/*/bench/**/*.bench.ts'] },
    experimental: { viteModuleRunner: false },
  },
});
