import { parentPort } from 'node:worker_threads';
import { runAugursModel, type ModelRequest } from './augurs-model.ts';

/** Answers each request with its values, or with why there are none. */
parentPort?.on('message', async ({ id, request }: { readonly id: number; readonly request: ModelRequest }) => {
  try {
    parentPort?.postMessage({ id, values: [...(await runAugursModel(request))] });
  } catch (error) {
    parentPort?.postMessage({ id, problem: error instanceof Error ? error.message : String(error) });
  }
});
