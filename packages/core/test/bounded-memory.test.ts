import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

async function fill(part: string, way: string): Promise<{ held: number; cap: number; text: string }> {
  const child = fork(new URL('./fixtures/held-memory.ts', import.meta.url), [part, way], {
    execArgv: ['--conditions=@tidewatch/source', '--disable-warning=ExperimentalWarning', '--expose-gc'],
  });
  const [{ held, text }] = (await once(child, 'message')) as [{ held: number; text: string }];
  const cap = /^tidewatch_core_memory_cap_bytes\{.*\} (.*)$/m.exec(text)?.[1];
  return { held, cap: Number(cap), text };
}

it.for(['as long as a name may be', 'cut out of a long request'])(
  'a monitor holds less than its cap, whatever names clients make up: %s',
  async (way) => {
    const { held, cap, text } = await fill('monitor', way);
    expect(held).toBeLessThan(cap);
    expect(cap).toBeLessThan(8e6); // a cap that means something: these names are 40 MB, and the requests 800 MB
    expect(text.length).toBeLessThan(200_000);
    expect(text).toContain('classification_pending_labels{model="m"} 100');
  },
);

it('a middleware holds less than its cap, whatever routes there seem to be', async () => {
  const { held, cap, text } = await fill('requests', 'as long as a name may be');
  expect(held).toBeLessThan(cap);
  expect(cap).toBe(2_500_000);
  expect(text).toContain('tidewatch_http_series_refused_total 19000');
});
