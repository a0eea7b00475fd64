import { defineConfig } from 'tsup';
import { nodeLibrary } from '../../tools/node-library.ts';

const targets = ['command', 'docker', 'keda', 'kubernetes', 'simulated', 'webhook', 'worker-pool'];

export default defineConfig(
  nodeLibrary([
    'src/index.ts',
    'src/testing/index.ts',
    'src/autoscaler.ts',
    'src/forecast/augurs.ts',
    'src/forecast/augurs-worker.ts',
    ...targets.map((name) => `src/targets/${name}.ts`),
  ]),
);
