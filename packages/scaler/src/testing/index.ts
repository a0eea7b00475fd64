export { targetConformance, type RegisterTest, type TargetConformanceSetup } from './target-conformance.ts';
