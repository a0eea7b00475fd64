// The scaler alone: your own numbers in, your own replicas out. No classifier, no store, no Prometheus.
import { createAutoscaler, loadAutoscalerConfig, type ScaleTarget } from '@tidewatch/scaler';

const config = loadAutoscalerConfig(`
metrics:
  - name: qps
    type: external
    query: sum(rate(queue_arrivals_total[1m]))
    scale_up_threshold: 100
    scale_down_threshold: 30
scaling: { min_replicas: 1, max_replicas: 10, cooldown: 0 }
`);

// Whatever starts and stops replicas in your house: three methods at most.
let replicas = 1;
const target: ScaleTarget = {
  observe: async () => ({ desired: replicas, ready: replicas, starting: 0, draining: 0 }),
  scaleTo: async (wanted) => {
    replicas = wanted;
  },
};

// Whatever knows the load: here a day in five readings.
const day = [20, 132, 150, 60, 12];
let hour = 0;
const query = async (_expr: string, timeMs: number) => [{ labels: {}, timeMs, value: day[hour] ?? 0 }];

const autoscaler = createAutoscaler({ config, target, query, locale: 'zh-CN' });
for (; hour < day.length; hour++) {
  const decision = await autoscaler.tick();
  console.log(`${day[hour]} QPS: ${decision?.from} → ${decision?.to}  ${decision?.sentence['zh-CN']}`);
}
await autoscaler.close();
