import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Workspace packages resolve to their sources: tests need no build.
  ssr: { resolve: { conditions: ['@tidewatch/source', ...defaultServerConditions] } },
  test: {
    // Many tests wait for processes and sockets: more workers than cores keep the cores busy.
    maxWorkers: 3,
    // The files of one worker share the modules they import, which no longer load for every file anew.
    isolate: false,
    // A test ends when it is done, however busy the machine is; this is for one that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'test/**/*.test.ts',
            'examples/*/test/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/*.integration.test.ts'],
          typecheck: {
            enabled: true,
            include: ['packages/*/{src,test}/**/*.test-d.ts'],
            tsconfig: './tsconfig.test.json',
          },
        },
      },
      {
        // Needs a real Prometheus, promtool and Chromium, or takes long: see test/integration/README.md.
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.integration.test.ts', 'packages/*/test/**/*.integration.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
