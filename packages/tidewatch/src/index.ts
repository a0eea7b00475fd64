export { createTidewatch, type Tidewatch } from './create-tidewatch.ts';
export type { TidewatchOptions } from './options/tidewatch-options.ts';
export type { Access } from './http/access.ts';
