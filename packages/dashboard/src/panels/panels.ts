import { alertPanels } from './alerts.ts';
import { costPanels } from './cost.ts';
import type { Panel } from './panel.ts';
import { qualityPanels } from './quality.ts';
import { scalingPanels } from './scaling.ts';
import { servicePanels } from './service.ts';
import { systemPanels } from './system.ts';

/** Every panel, in reading order. The page and the Grafana dashboard are two renderings of this list. */
export const panels: readonly Panel[] = [
  ...qualityPanels,
  ...servicePanels,
  ...systemPanels,
  ...scalingPanels,
  ...alertPanels,
  ...costPanels,
];
