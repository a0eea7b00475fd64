export { engineOver, fixtureSource, type FixtureEngine, type FixtureSeries } from './engine-over.ts';
