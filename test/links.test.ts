import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const notOurs = new Set(['node_modules', 'dist', 'coverage', 'temp']);

/** Markdown files of the repository; folders with a dot are tools' own. */
async function markdownFiles(folder = '.'): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isFile()) return entry.name.endsWith('.md') ? [path] : [];
      if (!entry.isDirectory() || entry.name.startsWith('.') || notOurs.has(entry.name)) return [];
      return markdownFiles(path);
    }),
  );
  return found.flat();
}

it.for(await markdownFiles())('%s links to what is there', async (file) => {
  const text = (await readFile(file, 'utf8')).replaceAll(/^```[\s\S]*?^```$|`[^`\n]*`/gm, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  const broken = await Promise.all(
    links
      .filter((link) => !/^[a-z]+:/.test(link))
      .map(async (link) => ((await leads(file, link)) ? [] : [link])),
  );
  expect(broken.flat()).toEqual([]);
});

/** Whether a link from a file leads to a file or folder of the repository, and to a heading if it names one. */
async function leads(from: string, link: string): Promise<boolean> {
  const [path = '', anchor] = decodeURIComponent(link).split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (relative('.', resolve(target)).startsWith('..')) return false;
  try {
    await access(target);
  } catch {
    return false;
  }
  return anchor === undefined || headings(await readFile(target, 'utf8')).includes(anchor);
}

/** Anchors as GitHub makes them from headings. */
function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
