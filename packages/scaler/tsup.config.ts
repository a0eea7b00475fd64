import { defineConfig } from 'tsup';
import { nodeLibrary } from '../../tools/node-library.ts';

const targets = ['command', 'docker', 'keda', 'kubernetes', 'simulated', 'webhook', 'worker-pool'];

export default defineConfig(
  nodeLibrary([
    'src/index.ts',
    'src/testing/index.ts',
    'src/autoscaler.ts',
    ...targets.map((name) => `src/targets/${name}.ts`),
  ]),
);
