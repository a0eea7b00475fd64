import type { AutoscalerConfig, MetricRule } from '../config/autoscaler-config.ts';
import { decide } from '../policy/decide.ts';
import type { MetricReading } from '../policy/decision.ts';
import type { PolicyFactory } from './baseline-policies.ts';
import type { SimulatedMetrics } from './run-policy.ts';

const RATE_WINDOW = 60;
const SCRAPED_AGE = 15;

/** What the simulator can stand in for, by the words of the query or of the name. */
function simulated(rule: MetricRule, metrics: SimulatedMetrics): number | undefined {
  const text = `${rule.name} ${rule.query}`.toLowerCase();
  if (rule.per === 'replica' && /in_?flight|queue|concurren/.test(text)) {
    return metrics.inFlight(RATE_WINDOW, SCRAPED_AGE);
  }
  if (rule.per === 'replica') return metrics.rate(RATE_WINDOW, SCRAPED_AGE);
  if (/utili[sz]ation|busy|load/.test(text)) return metrics.utilization(RATE_WINDOW, SCRAPED_AGE);
  return undefined;
}

/**
 * The thresholds of a configuration, by the same `decide` as in the controller. Rates, requests in flight and
 * utilisation are simulated; any other metric is set aside, as one that does not exist here.
 */
export function thresholdPolicy(given: AutoscalerConfig): PolicyFactory {
  // The windows need a date, and a trace has none.
  const config: AutoscalerConfig = { ...given, mode: 'threshold', timeWindows: [] };
  return () => {
    let lastUpMs: number | undefined;
    let lastDownMs: number | undefined;
    let wasStarting = false;
    return {
      intervalSeconds: Math.max(5, Math.round(config.intervalMs / 5000) * 5),
      decide({ timeSeconds, desired, ready, starting, metrics: past }) {
        const nowMs = timeSeconds * 1000;
        if (wasStarting && starting === 0) lastUpMs = nowMs;
        wasStarting = starting > 0;
        const metrics = config.metrics.map((rule): MetricReading => {
          const value = simulated(rule, past);
          if (value === undefined) return { name: rule.name, state: 'unavailable', detail: 'not simulated' };
          if (Number.isNaN(value)) return { name: rule.name, state: 'empty' };
          return { name: rule.name, state: 'value', value, timeMs: nowMs };
        });
        const { action, to } = decide(
          {
            nowMs,
            metrics,
            replicas: { desired, ready, starting, draining: 0 },
            ...(lastUpMs === undefined ? {} : { lastUpMs }),
            ...(lastDownMs === undefined ? {} : { lastDownMs }),
          },
          config,
        );
        if (action === 'down') lastDownMs = nowMs;
        return to;
      },
    };
  };
}
