import type { JSX } from 'preact';
import type { LatestValue } from '../data/page-data.ts';
import type { TablePanel } from '../panels/panel.ts';
import { formatValue } from '../text/format-value.ts';
import { read, say } from './words.ts';

interface DataTableProps {
  readonly panel: TablePanel;
  readonly values: readonly LatestValue[];
}

/** Values by label, largest first. */
export function DataTable({ panel, values }: DataTableProps): JSX.Element {
  const rows = values.toSorted((a, b) => b.value - a.value);
  return (
    <div class="scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {panel.columns.map((column) => (
              <th key={column.label} scope="col">
                {read(column.title)}
              </th>
            ))}
            <th scope="col" class="number">
              {say('column.value')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ labels, value }) => (
            <tr key={JSON.stringify(labels)}>
              {panel.columns.map((column) => (
                <td key={column.label} class="label">
                  {labels[column.label]}
                </td>
              ))}
              <td class="number">{formatValue(value, panel.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
