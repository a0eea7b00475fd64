import { defineConfig } from 'tsup';
import { nodeLibrary } from '../../tools/node-library.ts';

export default defineConfig(nodeLibrary(['src/index.ts', 'src/testing/index.ts']));
