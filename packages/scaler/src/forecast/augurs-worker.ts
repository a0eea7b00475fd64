import { parentPort } from 'node:worker_threads';
import { runAugursModel, type ModelRequest } from './augurs-model.ts';

interface Question {
  readonly id: number;
  readonly request: ModelRequest;
}

/** Answers each request with its values, or with why there are none. */
async function answer({ id, request }: Question): Promise<void> {
  let reply: { id: number; values: readonly number[] } | { id: number; problem: string };
  try {
    reply = { id, values: [...(await runAugursModel(request))] };
  } catch (error) {
    reply = { id, problem: error instanceof Error ? error.message : String(error) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker of node has no origin
  parentPort?.postMessage(reply);
}

parentPort?.on('message', (question: Question) => void answer(question));
