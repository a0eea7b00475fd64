export { engineOver, fixtureSource, type FixtureEngine, type FixtureSeries } from './engine-over.ts';
export type { HttpData } from '../api/http-data.ts';
