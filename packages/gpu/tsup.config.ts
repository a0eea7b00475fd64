import { defineConfig } from 'tsup';
import { nodeLibrary } from '../../tools/node-library.ts';

export default defineConfig(
  nodeLibrary(
    {
      index: 'src/index.ts',
      'testing/index': 'src/testing/index.ts',
      'nvml-helper': 'src/nvml/nvml-helper.ts', // started, never imported: see src/nvml/helper-process.ts
    },
    { external: ['koffi'] }, // an optional dependency: tsup would bundle it, and its native part would be lost
  ),
);
