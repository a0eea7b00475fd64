// Starts alerting and does nothing else: the process must end by itself.
import { createAlerting, loadRules } from '../../src/index.ts';
import { collector } from '../../src/testing/index.ts';

const alerting = await createAlerting({
  rules: loadRules('groups:\n  - name: g\n    rules:\n      - { alert: A, expr: up }\n'),
  query: async (_, timeMs) => [{ labels: {}, timeMs, value: 1 }],
  route: { receiver: 'team', groupWaitMs: 0 },
  receivers: { team: [collector({ answer: () => ({ status: 'retryable', detail: '' }) })] },
});
alerting.start();
