export { createTidewatch, type Tidewatch, type TidewatchOptions } from './create-tidewatch.ts';
export type { Access } from './access.ts';
