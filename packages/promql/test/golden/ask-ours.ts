import { createApi, createEngine, createStore } from '../../src/index.ts';
import { readAnswer, toRequest, type GoldenAnswer } from './golden-answer.ts';
import type { GoldenRequest } from './golden-requests.ts';
import { GOLDEN_END_MS, goldenSeries } from './golden-series.ts';

/** Answers requests over the golden series. */
export async function openOurs(): Promise<(request: GoldenRequest) => Promise<GoldenAnswer>> {
  const clock = { now: () => GOLDEN_END_MS, sleep: async (): Promise<void> => {} };
  const store = await createStore({ clock });
  const [first] = goldenSeries;
  for (const [at, timeMs] of (first?.t ?? []).entries()) {
    store.append(
      timeMs,
      goldenSeries.map(({ labels, v }) => ({ labels, value: v[at] as number })),
    );
  }
  const api = createApi({ engine: createEngine({ store, clock }), store, clock });
  return async (request) => {
    const response = await api(toRequest(request, 'http://localhost'));
    return response === undefined ? { status: 0, contentType: null, body: 'not ours' } : readAnswer(response);
  };
}
