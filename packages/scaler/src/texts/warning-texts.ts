/** Warnings about a configuration, by code and language. */
export const warningTexts = {
  'rate-of-gauge': {
    en: (mended: string): string =>
      `rate() over a gauge is how fast it changes, nearly always 0; you most likely mean ${mended}`,
    'zh-CN': (mended: string): string =>
      `对仪表盘型(gauge)指标使用 rate() 得到的是变化速度,几乎总是 0;您多半想写 ${mended}`,
  },
  'total-that-scaling-cannot-lower': {
    en: ({ name, up }: { name: string; up: number }): string =>
      `${name} is a total: more replicas do not lower it, so above ${up} every step adds more up to the maximum; write per: replica`,
    'zh-CN': ({ name, up }: { name: string; up: number }): string =>
      `${name} 是总量:增加实例不会使它下降,超过 ${up} 后会一直扩到上限;请写 per: replica`,
  },
  'thresholds-too-close': {
    en: ({ name, up, down, n }: { name: string; up: number; down: number; n: number }): string =>
      `${name}: stepping down from ${n} replicas at ${down} puts the rest above ${up}; such steps are held. Lower the down threshold to at most ${round((up * (n - 1)) / n)}`,
    'zh-CN': ({ name, up, down, n }: { name: string; up: number; down: number; n: number }): string =>
      `${name}:在 ${down} 时从 ${n} 个实例缩容会使其余实例超过 ${up},此类缩容将被保持。请把缩容阈值降到 ${round((up * (n - 1)) / n)} 以下`,
  },
  'share-of-what-does-not-add-up': {
    en: (name: string): string =>
      `${name} does not add up over replicas, and per: replica divides it by them: with more replicas it looks idle however loaded they are; write per: total`,
    'zh-CN': (name: string): string =>
      `${name} 不能按实例累加,per: replica 会将其除以实例数:实例越多越显得空闲;请写 per: total`,
  },
  'threshold-never-crossed': {
    en: ({ name, up, down }: { name: string; up: number; down: number }): string =>
      up <= 0
        ? `${name}: any load is above ${up}, so every step adds more up to the maximum; raise the up threshold above 0`
        : `${name}: no load is below ${down}, so replicas that were added are never removed; raise the down threshold above 0`,
    'zh-CN': ({ name, up, down }: { name: string; up: number; down: number }): string =>
      up <= 0
        ? `${name}:任何负载都高于 ${up},会一直扩到上限;请将扩容阈值设为大于 0`
        : `${name}:没有负载会低于 ${down},增加的实例永远不会减少;请将缩容阈值设为大于 0`,
  },
  'window-applies-to-first-metric': {
    en: (name: string): string =>
      `these thresholds name no metric and apply to the first one, ${name}; write thresholds: { ${name}: { up: …, down: … } } to be explicit`,
    'zh-CN': (name: string): string =>
      `这里的阈值没有写明指标,将用于第一个指标 ${name};可写成 thresholds: { ${name}: { up: …, down: … } }`,
  },
  'windows-overlap': {
    en: ({ winner, loser }: { winner: string; loser: string }): string =>
      `"${loser}" overlaps "${winner}"; the first of the list applies there`,
    'zh-CN': ({ winner, loser }: { winner: string; loser: string }): string =>
      `"${loser}" 与 "${winner}" 重叠;重叠处以列表中靠前者为准`,
  },
} as const;

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
