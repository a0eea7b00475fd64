// What a browser loads for the page. The budget is a test: packages/dashboard/test/page-size.test.ts.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { report, type Row } from './support/report.ts';

function sizes(file: string): Row[] {
  const content = readFileSync(new URL(`../packages/dashboard/dist/page/${file}`, import.meta.url));
  return [
    { what: `${file}, gzip`, unit: 'B', here: gzipSync(content).length },
    { what: `${file}, as it is`, unit: 'B', here: content.length },
  ];
}

report({
  name: 'page-size',
  title: 'dashboard: size of the page',
  rows: [...sizes('app.js'), ...sizes('app.css')],
  notes: ['Preact, signals and uPlot included. Budget over the wire: 60 kB of script, 6 kB of style.'],
});
