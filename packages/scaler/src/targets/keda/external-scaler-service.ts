import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** A field of a message: its number and its type on the wire. */
const field = (id: number, type: string): object => ({ id, type });

/**
 * The external scaler protocol of KEDA: service and field numbers as its documentation gives them. The integers
 * are the deprecated form; both are sent, so that every KEDA finds one it reads.
 *
 * @see https://keda.sh/docs/latest/concepts/external-scalers/
 */
const descriptor = {
  nested: {
    externalscaler: {
      nested: {
        ExternalScaler: {
          methods: {
            IsActive: { requestType: 'ScaledObjectRef', responseType: 'IsActiveResponse' },
            StreamIsActive: {
              requestType: 'ScaledObjectRef',
              responseType: 'IsActiveResponse',
              responseStream: true,
            },
            GetMetricSpec: { requestType: 'ScaledObjectRef', responseType: 'GetMetricSpecResponse' },
            GetMetrics: { requestType: 'GetMetricsRequest', responseType: 'GetMetricsResponse' },
          },
        },
        ScaledObjectRef: {
          fields: {
            name: field(1, 'string'),
            namespace: field(2, 'string'),
            scalerMetadata: { id: 3, keyType: 'string', type: 'string' },
          },
        },
        IsActiveResponse: { fields: { result: field(1, 'bool') } },
        GetMetricSpecResponse: {
          fields: { metricSpecs: { id: 1, rule: 'repeated', type: 'MetricSpec' } },
        },
        MetricSpec: {
          fields: {
            metricName: field(1, 'string'),
            targetSize: field(2, 'int64'),
            targetSizeFloat: field(3, 'double'),
          },
        },
        GetMetricsRequest: {
          fields: { scaledObjectRef: field(1, 'ScaledObjectRef'), metricName: field(2, 'string') },
        },
        GetMetricsResponse: {
          fields: { metricValues: { id: 1, rule: 'repeated', type: 'MetricValue' } },
        },
        MetricValue: {
          fields: {
            metricName: field(1, 'string'),
            metricValue: field(2, 'int64'),
            metricValueFloat: field(3, 'double'),
          },
        },
      },
    },
  },
};

const definitions = fromJSON(descriptor as Parameters<typeof fromJSON>[0], { longs: Number, defaults: true });

/** For `Server.addService` of @grpc/grpc-js. */
export const externalScalerService: ServiceDefinition = definitions[
  'externalscaler.ExternalScaler'
] as unknown as ServiceDefinition;
