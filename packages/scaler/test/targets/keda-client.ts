import { credentials, loadPackageDefinition, type Client, type ClientReadableStream } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';

interface MetricValue {
  readonly metricName: string;
  readonly metricValue: string;
  readonly metricValueFloat: number;
}
interface MetricSpec {
  readonly metricName: string;
  readonly targetSize: string;
  readonly targetSizeFloat: number;
}

export interface KedaClient {
  isActive(): Promise<boolean>;
  streamIsActive(): ClientReadableStream<{ result: boolean }>;
  specs(): Promise<readonly MetricSpec[]>;
  metrics(metricName: string): Promise<readonly MetricValue[]>;
  close(): void;
}

/** What KEDA does with an external scaler, by a real gRPC client. */
export function kedaClient(port: number): KedaClient {
  const proto = loadPackageDefinition(
    loadSync(fileURLToPath(new URL('external-scaler.proto', import.meta.url)), {
      longs: String,
      defaults: true,
    }),
  ) as unknown as {
    externalscaler: { ExternalScaler: new (...args: ConstructorParameters<typeof Client>) => Client };
  };
  const client = new proto.externalscaler.ExternalScaler(`127.0.0.1:${port}`, credentials.createInsecure());
  const scaledObjectRef = {
    name: 'classifier',
    namespace: 'default',
    scalerMetadata: { scalerAddress: 'x' },
  };

  function call<T>(method: string, request: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const methods = client as unknown as Record<
        string,
        (request: object, done: (error: Error | null, answer: T) => void) => void
      >;
      methods[method]?.call(client, request, (error, answer) => {
        if (error === null) resolve(answer);
        else reject(error);
      });
    });
  }

  return {
    isActive: async () => (await call<{ result: boolean }>('IsActive', scaledObjectRef)).result,
    streamIsActive: () =>
      (
        client as unknown as {
          StreamIsActive(request: object): ClientReadableStream<{ result: boolean }>;
        }
      ).StreamIsActive(scaledObjectRef),
    specs: async () =>
      (await call<{ metricSpecs: MetricSpec[] }>('GetMetricSpec', scaledObjectRef)).metricSpecs,
    metrics: async (metricName) =>
      (await call<{ metricValues: MetricValue[] }>('GetMetrics', { scaledObjectRef, metricName }))
        .metricValues,
    close: () => client.close(),
  };
}
