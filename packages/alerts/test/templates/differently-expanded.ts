import { expandTemplate } from '../../src/template/expand-template.ts';
import { promtoolAnswers } from './promtool-answers.ts';
import { randomTemplates } from './random-template.ts';

const ERROR = '<error expanding template';

/**
 * Random templates of which promtool makes another text, with both. An error has to be an error for both; its words
 * may differ, for Go describes types in words of its own.
 */
export async function differentlyExpanded(seed: number, count: number, value: number): Promise<unknown[]> {
  const templates = [...new Set(randomTemplates(seed, count))];
  const answers = await promtoolAnswers(templates, String(value));
  if (answers.size < templates.length * 0.9)
    return [`promtool answered ${answers.size} of ${templates.length}`];
  return [...answers].flatMap(([template, theirs]) => {
    const subject = { alertName: 'T', labels: { __name__: 'm', model: 'digits' }, value, nowMs: 60_000 };
    const ours = expandTemplate(template, subject).text;
    const same = ours === theirs || (ours.startsWith(ERROR) && theirs.startsWith(ERROR));
    return same ? [] : [{ template, ours, theirs }];
  });
}
