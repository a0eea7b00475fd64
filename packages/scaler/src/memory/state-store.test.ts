import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fileStateStore } from './file-state-store.ts';
import { memoryStateStore } from './memory-state-store.ts';
import { readMemory } from './autoscaler-memory.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scaler-state-'));
});
afterAll(async () => rm(folder, { recursive: true }));

it.for([
  ['fileStateStore', () => fileStateStore(join(folder, 'kept', 'state.json'))],
  ['memoryStateStore', memoryStateStore],
] as const)('%s has nothing, then what was saved last', async ([, create]) => {
  const store = create();
  expect(await store.load()).toBeUndefined();
  await Promise.all(['one', 'two', '{"a":"\\n"}'].map(async (text) => store.save(text)));
  expect(await store.load()).toBe('{"a":"\\n"}');
});

it('leaves one file, which only its owner can read', async () => {
  const path = join(folder, 'alone', 'state.json');
  await fileStateStore(path).save('{}');
  expect(await readdir(join(folder, 'alone'))).toEqual(['state.json']);
  expect(await fileStateStore(path).load()).toBe('{}');
});

it.for([
  ['cut off', (text: string) => text.slice(0, -3)],
  ['empty', () => ''],
  ['edited by hand', (text: string) => text.replace('300', '301')],
  ['of somebody else', () => '{"lastUpMs":300}\n'],
] as const)('tells a file that is %s from what it has saved', async ([, damage]) => {
  const path = join(folder, 'damaged.json');
  await fileStateStore(path).save('{"lastUpMs":300}');
  await writeFile(path, damage(await readFile(path, 'utf8')));
  await expect(fileStateStore(path).load()).rejects.toMatchObject({ name: 'StateError', code: 'damaged' });
});

it('says that it cannot save, and saves when it can again', async () => {
  const path = join(folder, 'file-in-the-way');
  await writeFile(path, '');
  const store = fileStateStore(join(path, 'state.json'));
  await expect(store.save('{}')).rejects.toThrow('EEXIST');
  await rm(path);
  await store.save('{}');
  expect(await store.load()).toBe('{}');
});

it.for([
  ['not JSON', 'damaged'],
  ['[]', 'damaged'],
  ['{"version":1}', 'damaged'],
  ['{"version":1,"savedAtMs":1,"lastUpMs":"yesterday"}', 'damaged'],
  ['{"version":2,"savedAtMs":1}', 'unknown-version'],
] as const)('refuses %s as a state: %s', ([text, code]) => {
  expect(() => readMemory(text)).toThrow(expect.objectContaining({ name: 'StateError', code }));
});
