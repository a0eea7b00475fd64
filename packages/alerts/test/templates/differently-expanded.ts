import { expandTemplate } from '../../src/template/expand-template.ts';
import { promtoolAnswers } from './promtool-answers.ts';
import { randomTemplates } from './random-template.ts';

const ERROR = '<error expanding template';

/**
 * Random templates of which promtool makes another text, with both. An error has to be the same error for both; the
 * place that it names may differ.
 */
export async function differentlyExpanded(seed: number, count: number, value: number): Promise<unknown[]> {
  const templates = [...new Set(randomTemplates(seed, count))];
  const answers = await promtoolAnswers(templates, String(value));
  if (answers.size < templates.length * 0.9)
    return [`promtool answered ${answers.size} of ${templates.length}`];
  return [...answers].flatMap(([template, theirs]) => {
    const subject = { alertName: 'T', labels: { __name__: 'm', model: 'digits' }, value, nowMs: 60_000 };
    const ours = expandTemplate(template, subject).text;
    const same = ours.startsWith(ERROR) ? wordsOf(ours) === wordsOf(theirs) : ours === theirs;
    return same ? [] : [{ template, ours, theirs }];
  });
}

/** What went wrong, without the place: Go names the operand that it looked at last. */
function wordsOf(text: string): string {
  if (!text.startsWith(ERROR)) return text;
  // Newer releases of Go add the two types.
  return text
    .slice(text.lastIndexOf('>: '))
    .replace(/(incompatible types for comparison): .* and .*>$/, '$1>');
}
