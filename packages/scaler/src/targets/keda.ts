import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { systemClock, type Clock } from '@tidewatch/core';
import { externalScalerService } from './keda/external-scaler-service.ts';
import type { ScaleTarget } from './scale-target.ts';
import { settlingTarget } from './settling-target.ts';
import { TargetError } from './target-error.ts';

export { TargetError } from './target-error.ts';
export type { ReplicaState, ScaleTarget } from './scale-target.ts';

export interface KedaTargetOptions {
  /** Counts the replicas that KEDA scales, such as `kubernetesTarget`. */
  readonly replicas: Pick<ScaleTarget, 'observe'>;
  /** 0: any free one. @defaultValue 9090 */
  readonly port?: number;
  /** Address on which KEDA reaches it. @defaultValue '0.0.0.0' */
  readonly host?: string;
  /** TLS of the server. @defaultValue none: keep it inside the cluster */
  readonly credentials?: ServerCredentials;
  /** Name of the metric that the HPA shows. @defaultValue 'tidewatch-desired-replicas' */
  readonly metricName?: string;
  /** Pause between two looks at a change under way. @defaultValue 2000 */
  readonly pollMs?: number;
  readonly clock?: Clock;
}

export interface KedaTarget extends ScaleTarget {
  /** Resolves with the port when KEDA can call. */
  listening(): Promise<number>;
  /** Ends all calls. KEDA then keeps what it has. */
  close(): Promise<void>;
}

interface ScaledObjectRef {
  readonly name: string;
  readonly namespace: string;
}
type Call = ServerUnaryCall<{ readonly metricName?: string }, object>;
type ActiveStream = ServerWritableStream<ScaledObjectRef, { result: boolean }>;

/**
 * Lets KEDA scale by our decisions: an external scaler whose metric is the number of replicas that we want, with a
 * target of 1 a replica. The HPA that KEDA makes follows it.
 *
 * Before the first decision, and when nothing is known, calls fail with UNAVAILABLE: KEDA then leaves the
 * replicas as they are.
 */
export function kedaTarget(options: KedaTargetOptions): KedaTarget {
  const {
    replicas,
    port = 9090,
    host = '0.0.0.0',
    credentials = ServerCredentials.createInsecure(),
  } = options;
  const { metricName = 'tidewatch-desired-replicas', pollMs = 2000, clock = systemClock } = options;
  const streams = new Set<ActiveStream>();
  let wanted: number | undefined;

  const server = new Server();
  const unknown = { code: status.UNAVAILABLE, details: 'no decision has been taken yet' };
  server.addService(externalScalerService, {
    isActive(_call: Call, answer: sendUnaryData<object>) {
      if (wanted === undefined) answer(unknown);
      else answer(null, { result: wanted > 0 });
    },
    streamIsActive(stream: ActiveStream) {
      streams.add(stream);
      stream.once('cancelled', () => streams.delete(stream));
      stream.once('close', () => streams.delete(stream));
      if (wanted !== undefined) stream.write({ result: wanted > 0 });
    },
    getMetricSpec(_call: Call, answer: sendUnaryData<object>) {
      answer(null, { metricSpecs: [{ metricName, targetSize: 1, targetSizeFloat: 1 }] });
    },
    getMetrics({ request }: Call, answer: sendUnaryData<object>) {
      if (wanted === undefined) return answer(unknown);
      // KEDA asks by the name of the spec, older ones with a prefix such as `s0-`.
      if (request.metricName?.endsWith(metricName) !== true) {
        return answer({ code: status.NOT_FOUND, details: `the metric here is ${metricName}` });
      }
      const values = { metricName: request.metricName, metricValue: wanted, metricValueFloat: wanted };
      return answer(null, { metricValues: [values] });
    },
  });

  const bound = new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, credentials, (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(new TargetError('unreachable', `keda: cannot listen on port ${port}`));
    });
  });
  bound.catch(() => {}); // Told by `listening`, and by the first use.

  function tellStreams(isActive: boolean): void {
    for (const stream of streams) stream.write({ result: isActive });
  }

  const target = settlingTarget({
    name: 'keda',
    async observe(signal) {
      await bound;
      const found = await replicas.observe(signal);
      // What we ask for counts, also while KEDA has not asked us yet.
      if (wanted === undefined || wanted === found.desired) return found;
      const ready = Math.min(found.ready, wanted);
      const draining = found.draining + Math.max(0, found.ready - wanted);
      return { ...found, desired: wanted, ready, starting: wanted - ready, draining };
    },
    async change(count) {
      await bound;
      const wasActive = wanted === undefined ? undefined : wanted > 0;
      wanted = count;
      if (wasActive !== count > 0) tellStreams(count > 0);
    },
    pause: (signal) => clock.sleep(pollMs, signal),
  });

  async function shutDown(): Promise<void> {
    try {
      await bound;
    } catch {
      return; // Nobody ever called.
    }
    for (const stream of streams) stream.end();
    server.forceShutdown();
  }

  let closing: Promise<void> | undefined;
  return {
    ...target,
    listening: () => bound,
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}
