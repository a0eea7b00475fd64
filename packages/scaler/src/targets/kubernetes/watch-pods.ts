import { Watch, type KubeConfig } from '@kubernetes/client-node';
import type { PodList } from './pods.ts';

/**
 * Resolves with the next event after the list, or when the watch ends for any reason: a version that is too old
 * (410 Gone), a server that restarts, a lost connection. Whoever waits looks again in each case.
 */
export async function nextPodEvent(
  kubeConfig: KubeConfig,
  namespace: string,
  { selector, resourceVersion }: PodList,
  signal: AbortSignal,
): Promise<void> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const query = { labelSelector: selector, resourceVersion };
  let end = (): void => {};
  const happened = new Promise<void>((resolve) => {
    end = resolve;
  });
  const request = await new Watch(kubeConfig).watch(path, query, end, end);
  signal.addEventListener('abort', end, { once: true });
  try {
    if (!signal.aborted) await happened;
  } finally {
    signal.removeEventListener('abort', end);
    request.abort();
  }
}
