import { loadAlertmanagerConfig } from '../../src/config/load-alertmanager-config.ts';
import { matchRoutes, resolveRoute } from '../../src/routing/route.ts';
import { amtoolRoutes } from './amtool.ts';
import { randomRoutes } from './random-routes.ts';

/** Cases in which our routing and Alertmanager's differ, each with both answers. */
export async function differentlyRouted(seed: number, count: number): Promise<unknown[]> {
  const cases = randomRoutes(seed, count);
  const theirs = await amtoolRoutes(cases);
  return cases.flatMap(({ yaml, labels }, index) => {
    const { route } = loadAlertmanagerConfig(yaml);
    const ours = matchRoutes(resolveRoute(route), labels).map(({ receiver }) => receiver);
    const same = JSON.stringify(ours) === JSON.stringify(theirs[index]);
    return same ? [] : [{ yaml, labels, ours, theirs: theirs[index] }];
  });
}
