export { createDashboard, type DashboardOptions } from './server/create-dashboard.ts';
export type { AlertView, DecisionView, Notice } from './data/views.ts';
export {
  grafanaDashboard,
  type GrafanaDashboard,
  type GrafanaDashboardOptions,
} from './grafana/grafana-dashboard.ts';
export type { GrafanaPanel } from './grafana/grafana-panel.ts';
export { panels } from './panels/panels.ts';
export type {
  LinePanel,
  Need,
  Panel,
  SectionId,
  StatPanel,
  TablePanel,
  Target,
  Threshold,
  TimelinePanel,
  Unit,
} from './panels/panel.ts';
export type { LocalText } from './text/catalogue.ts';
