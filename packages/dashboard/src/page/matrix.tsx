import type { JSX } from 'preact';
import type { LatestValue } from '../data/page-data.ts';
import type { TablePanel } from '../panels/panel.ts';
import { formatValue } from '../text/format-value.ts';
import { read, say } from './words.ts';

/** Beyond this the cells are too small to read; the classes with the fewest events are left out, and said so. */
const maxClasses = 30;

interface MatrixProps {
  readonly panel: TablePanel;
  readonly values: readonly LatestValue[];
}

/** Counts by true and predicted class. Right answers are blue, confusions orange, both as shares of their row. */
export function Matrix({ panel, values }: MatrixProps): JSX.Element {
  const [down, across] = panel.columns;
  const { classes, counts, totals, left } = tally(values, down?.label ?? '', across?.label ?? '');
  return (
    <div class="scroll" tabIndex={0}>
      <p class="axes">
        {say('matrix.axes', {
          down: down === undefined ? '' : read(down.title),
          across: across === undefined ? '' : read(across.title),
        })}
      </p>
      <table class="matrix" aria-label={read(panel.title)}>
        <thead>
          <tr>
            <td class="corner" />
            {classes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((actual) => (
            <tr key={actual}>
              <th scope="row">{actual}</th>
              {classes.map((predicted) => {
                const count = counts.get(actual)?.get(predicted) ?? 0;
                const share = count / (totals.get(actual) || 1);
                return (
                  <td key={predicted} style={{ background: shade(share, actual === predicted) }}>
                    {Math.round(count) === 0 ? '' : formatValue(count, 'count')}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p class="dropped">{say('page.dropped', { count: left })}</p>}
    </div>
  );
}

/** The square root keeps rare confusions visible beside common ones. */
function shade(share: number, isRight: boolean): string {
  const strength = Math.round(Math.sqrt(Math.min(1, share)) * 60);
  return `color-mix(in srgb, var(${isRight ? '--right' : '--wrong'}) ${strength}%, transparent)`;
}

function tally(values: readonly LatestValue[], down: string, across: string) {
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  const events = new Map<string, number>();
  for (const { labels, value } of values) {
    const actual = labels[down] ?? '';
    const predicted = labels[across] ?? '';
    const row = counts.get(actual) ?? new Map<string, number>();
    counts.set(actual, row.set(predicted, value));
    totals.set(actual, (totals.get(actual) ?? 0) + value);
    for (const name of [actual, predicted]) events.set(name, (events.get(name) ?? 0) + value);
  }
  const byEvents = [...events.keys()].toSorted((a, b) => (events.get(b) ?? 0) - (events.get(a) ?? 0));
  const collator = new Intl.Collator(undefined, { numeric: true });
  const classes = byEvents.slice(0, maxClasses).toSorted((a, b) => collator.compare(a, b));
  return { classes, counts, totals, left: byEvents.length - classes.length };
}
