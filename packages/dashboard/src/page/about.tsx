import type { JSX } from 'preact';
import type { Panel } from '../panels/panel.ts';
import { read, say } from './words.ts';

/** A panel's heading; it opens to what the figure means and the query behind it. */
export function About({ panel }: { readonly panel: Panel }): JSX.Element {
  return (
    <details class="about">
      <summary>
        <h3>{read(panel.title)}</h3>
      </summary>
      <div class="popup">
        <p>{read(panel.help)}</p>
        <p>{say('page.query')}</p>
        {panel.targets.map(({ expr }) => (
          <code key={expr}>{expr}</code>
        ))}
      </div>
    </details>
  );
}
