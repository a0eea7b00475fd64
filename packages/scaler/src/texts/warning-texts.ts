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
