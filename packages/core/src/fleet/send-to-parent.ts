import { parentPort } from 'node:worker_threads';
import type { ForwardedMessage } from './forwarded-message.ts';

/**
 * Hands a message to the process that forked this one, or to the thread that started this one.
 *
 * Resolves when the message has left, so that a busy parent slows the sender down. Rejects when there is no
 * parent or it is gone; without the callback Node would raise that as an uncaught error of the service.
 */
export function sendToParent(message: ForwardedMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (parentPort !== null) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window: it has no origin
      parentPort.postMessage(message);
      resolve();
      return;
    }
    if (process.send === undefined) {
      reject(
        new Error('no parent to send to: start this one with fork or as a Worker, or give the option "send"'),
      );
      return;
    }
    process.send(message, undefined, undefined, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
