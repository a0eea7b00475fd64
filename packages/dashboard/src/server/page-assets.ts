import { readFile } from 'node:fs/promises';

/** The files the page is made of, as `npm run build` leaves them in `dist/page`. */
export type PageAsset = 'app.js' | 'app.css';

/** Content of one file, or `undefined` when the page has not been built. */
export type ReadPageAsset = (name: PageAsset) => Promise<string | undefined>;

/** Reads the built page, each file once. */
export function pageAssets(folder: URL = builtPage()): ReadPageAsset {
  const known = new Map<PageAsset, string>();
  return async (name) => {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    try {
      const content = await readFile(new URL(name, folder), 'utf8');
      known.set(name, content);
      return content;
    } catch {
      return undefined;
    }
  };
}

/** Found by way of the manifest, so the place is the same from `src` and from `dist`. */
function builtPage(): URL {
  return new URL('dist/page/', import.meta.resolve('@tidewatch/dashboard/package.json'));
}
