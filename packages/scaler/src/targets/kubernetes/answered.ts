import { ApiException } from '@kubernetes/client-node';
import { withSignal } from '../../with-signal.ts';
import { TargetError, transportCode } from '../target-error.ts';

/** The answer of the API server, or a {@link TargetError} without the body, which may hold anything. */
export async function answered<T>(request: Promise<T>, what: string, signal: AbortSignal): Promise<T> {
  try {
    return await withSignal(request, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ApiException)) {
      throw new TargetError(
        'unreachable',
        `kubernetes: the API server cannot be reached (${transportCode(error)})`,
      );
    }
    const { code } = error;
    if (code === 404) throw new TargetError('not-found', `kubernetes: ${what} does not exist`);
    if (code === 409) throw new TargetError('conflict', `kubernetes: ${what} was written by somebody else`);
    const remedy = code === 403 ? '; see the Role in deploy/kubernetes/autoscaler.yaml' : '';
    throw new TargetError('refused', `kubernetes: ${what} was refused (HTTP ${code})${remedy}`);
  }
}
