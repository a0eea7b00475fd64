import type { MSTL } from '@bsull/augurs/mstl';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What is asked of a model; plain data, because it crosses to a worker. */
export interface ModelRequest {
  readonly model: 'mstl' | 'prophet';
  /** Seconds since the Unix epoch of the first value. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  readonly rates: readonly number[];
  /** Lengths of the seasons, in steps, ascending. */
  readonly seasons: readonly number[];
  readonly steps: number;
}

interface Prophet {
  fit(data: { ds: number[]; y: number[] }, options?: { seed?: number }): void;
  predict(data: { ds: number[] }): { readonly yhat: { readonly point: readonly number[] } };
}

interface MstlModule {
  initSync(options: { module: Uint8Array }): unknown;
  readonly MSTL: Pick<typeof MSTL, 'ets'>;
}

interface ProphetModule {
  initSync(options: { module: Uint8Array }): unknown;
  readonly Prophet: new (options: object) => Prophet;
}

/** Seed of the optimiser, so that a forecast can be repeated. */
const SEED = 42;

/**
 * Fits a model of `@bsull/augurs` and answers the next values. Blocks for up to seconds: call it in a worker.
 *
 * The package starts its WebAssembly by `fetch` of a file, which Node refuses, and its `exports` hide the file:
 * it is read from beside the package's entry. Whether the package is there is found out here, at the first call.
 */
export async function runAugursModel(request: ModelRequest): Promise<readonly number[]> {
  const { model, rates, steps, startSeconds, stepSeconds, seasons } = request;
  const folder = dirname(
    await installed('@bsull/augurs', (name) => createRequire(import.meta.url).resolve(name)),
  );
  const load = async (name: string): Promise<unknown> => {
    const loaded = (await import(pathToFileURL(join(folder, `${name}.js`)).href)) as MstlModule;
    loaded.initSync({ module: readFileSync(join(folder, `${name}_bg.wasm`)) });
    return loaded;
  };
  if (model === 'mstl') {
    const { MSTL: Model } = (await load('mstl')) as MstlModule;
    const fitted = Model.ets([...seasons]);
    fitted.fit([...rates]);
    return fitted.predict(steps).point;
  }
  const { Prophet } = (await load('prophet')) as ProphetModule;
  // A variable: whether this package is installed is the user's affair, and no bundler's.
  const { optimizer } = await installed('@bsull/augurs-prophet-wasmstan', async (name) => {
    return (await import(name)) as { readonly optimizer: unknown };
  });
  const prophet = new Prophet({ optimizer });
  const timeOf = (index: number): number => startSeconds + index * stepSeconds;
  prophet.fit({ ds: rates.map((_, index) => timeOf(index)), y: [...rates] }, { seed: SEED });
  const ds = Array.from({ length: steps }, (_, index) => timeOf(rates.length + index));
  return prophet.predict({ ds }).yhat.point;
}

/** @throws Error that says what to install, where the package is missing. */
async function installed<Found>(
  name: string,
  find: (name: string) => Found | Promise<Found>,
): Promise<Found> {
  try {
    return await find(name);
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error(`the package ${name} is missing: npm i ${name}`, { cause });
  }
}
