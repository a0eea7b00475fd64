import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The files the page is made of, as `npm run build` leaves them in `dist/page`. */
export type PageAsset = 'app.js' | 'app.css';

/** Content of one file, or `undefined` when the page has not been built. */
export type ReadPageAsset = (name: PageAsset) => Promise<string | undefined>;

/** Reads the built page. The path goes by way of the manifest, so it is the same from `src` and from `dist`. */
export function pageAssets(): ReadPageAsset {
  const known = new Map<PageAsset, string>();
  return async (name) => {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    const manifest = import.meta.resolve('@tidewatch/dashboard/package.json');
    try {
      const content = await readFile(fileURLToPath(new URL(`dist/page/${name}`, manifest)), 'utf8');
      known.set(name, content);
      return content;
    } catch {
      return undefined;
    }
  };
}
