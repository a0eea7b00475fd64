import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fences, toPattern } from './support/fences.ts';

const run = promisify(execFile);

describe.for(readdirSync('packages'))('the README of %s', (name) => {
  const readme = `packages/${name}/README.md`;

  it('has an example that runs as pasted', { timeout: 30_000 }, async () => {
    const blocks = fences(await readFile(readme, 'utf8'));
    const index = blocks.findIndex(({ language }) => language === 'ts');
    expect(index, `${readme} has no ts example`).toBeGreaterThanOrEqual(0);
    const example = blocks[index]!;
    expect(example.code.split('\n').length).toBeLessThanOrEqual(25);

    const file = `packages/${name}/.readme-example.ts`;
    await writeFile(file, example.code);
    try {
      const args = [
        '--conditions=@tidewatch/source',
        '--disable-warning=ExperimentalWarning',
        '.readme-example.ts',
      ];
      const { stdout } = await run(process.execPath, args, { cwd: `packages/${name}`, timeout: 25_000 });
      expect(stdout).not.toBe('');
      const printed = blocks[index + 1];
      if (printed?.language === 'text') expect(stdout.trimEnd()).toMatch(toPattern(printed.code));
    } finally {
      await rm(file, { force: true });
    }
  });

  it('names the licence and how to install', async () => {
    const text = await readFile(readme, 'utf8');
    const manifest = JSON.parse(await readFile(`packages/${name}/package.json`, 'utf8'));
    expect(text).toContain(`npm i ${manifest.name}`);
    expect(text).toContain('Apache-2.0');
  });
});

describe('the READMEs of the repository', () => {
  it.for(['README.md', 'README.zh-CN.md'])('%s shows the Express example as it stands', async (file) => {
    const example = await readFile('examples/express/src/server.ts', 'utf8');
    const shown = fences(await readFile(file, 'utf8')).find(({ language }) => language === 'ts');
    expect(shown?.code).toBe(example);
  });

  it('say the same in both languages', async () => {
    const [english, chinese] = await Promise.all(
      ['README.md', 'README.zh-CN.md'].map(async (file) => readFile(file, 'utf8')),
    );
    const outline = (text: string): unknown => ({
      headings: text.match(/^#+ /gm),
      code: fences(text).map(({ language }) => language),
      rows: text.match(/^\|/gm)?.length,
      links: [...text.matchAll(/\]\(([^)]+)\)/g)]
        .map((match) => match[1]?.replace('.zh-CN.md', '.md').replace('-zh-CN.png', '-en.png'))
        .toSorted((a = '', b = '') => a.localeCompare(b)),
    });
    expect(outline(chinese!)).toEqual(outline(english!));
  });
});
