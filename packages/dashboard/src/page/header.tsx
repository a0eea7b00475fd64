import type { JSX } from 'preact';
import { rangeIds } from '../data/time-range.ts';
import { sectionIds } from '../panels/panel.ts';
import { MoonIcon, SunIcon } from './icons.tsx';
import { chooseRange, range, switchLocale, switchTheme, theme } from './state.ts';
import { text } from '../text/catalogue.ts';
import { say } from './words.ts';

export function Header({ title }: { readonly title: string }): JSX.Element {
  return (
    <header>
      <div class="bar">
        <h1>{isOwnTitle(title) ? say('page.title') : title}</h1>
        <nav aria-label={say('page.sections')}>
          {sectionIds.map((id) => (
            <a key={id} href={`#${id}`}>
              {say(`section.${id}`)}
            </a>
          ))}
        </nav>
        <div class="ranges" role="group" aria-label={say('page.range')}>
          {rangeIds.map((id) => (
            <button
              key={id}
              type="button"
              data-testid={`range-${id}`}
              aria-pressed={range.value === id}
              onClick={() => chooseRange(id)}
            >
              {id}
            </button>
          ))}
        </div>
        <button type="button" class="quiet" data-testid="language" onClick={switchLocale}>
          {say('page.language')}
        </button>
        <button
          type="button"
          class="quiet icon"
          data-testid="theme"
          aria-label={say('page.theme')}
          onClick={switchTheme}
        >
          {theme.value === 'dark' ? <SunIcon /> : <MoonIcon />}
        </button>
      </div>
    </header>
  );
}

/** Our own title follows the language; one that the integrator gave stays. */
function isOwnTitle(title: string): boolean {
  return Object.values(text('page.title')).includes(title);
}
