// docs/reference/options.md, from what API Extractor says of every exported interface `…Options`.

/** What these mean is the same wherever they stand without a docstring of their own. */
const COMMON = {
  clock: 'Where time comes from; a test gives one that it moves by hand. Default: that of the machine.',
  logger: 'Takes `(fields, message)` at `debug`, `info`, `warn` and `error`, as pino does. Default: silent.',
  locale: '`en` or `zh-CN`.',
  fetch: 'Sends HTTP requests. Default: that of Node.',
  signal: 'Ends it early.',
};

/**
 * @param {{ entry: string, model: any }[]} entries - Import path and document model, in the order of the page.
 * @returns {{ page: string, undocumented: string[] }} the page, and options that nothing explains
 */
export function optionsPage(entries) {
  const undocumented = [];
  const sections = entries.flatMap(({ entry, model }) => {
    const [{ members }] = model.members;
    const interfaces = members.filter(({ kind, name }) => kind === 'Interface' && name.endsWith('Options'));
    if (interfaces.length === 0) return [];
    return [`## ${entry}`, '', ...interfaces.flatMap((one) => tableOf(one, entry, undocumented))];
  });
  const page = [
    '# Options',
    '',
    'Generated from the docstrings by `npm run pnpm -- run api`; do not edit. A fault in any of them is a `ConfigError`',
    'at construction that names it. Options in bold have to be given.',
    '',
    ...sections,
  ].join('\n');
  return { page, undocumented };
}

function tableOf({ name, docComment, members, extendsTokenRanges, excerptTokens }, entry, undocumented) {
  const { summary } = parsed(docComment);
  const parents = extendsTokenRanges.map(({ startIndex, endIndex }) =>
    excerptTokens
      .slice(startIndex, endIndex)
      .map(({ text }) => text)
      .join('')
      .trim(),
  );
  const rows = members
    .filter(({ kind }) => kind === 'PropertySignature')
    .map((option) => {
      const { summary: meaning, defaultValue } = parsed(option.docComment);
      const text = meaning || COMMON[option.name];
      if (text === undefined) undocumented.push(`${entry} ${name}.${option.name}`);
      const label = option.isOptional ? `\`${option.name}\`` : `**\`${option.name}\`**`;
      return `| ${[label, `\`${typeOf(option)}\``, defaultValue, text ?? ''].map(cell).join(' | ')} |`;
    });
  if (rows.length === 0) return [];
  return [
    `### ${name}`,
    '',
    ...(summary ? [summary, ''] : []),
    ...(parents.length === 0
      ? []
      : [`And those of ${parents.map((parent) => `\`${parent}\``).join(', ')}.`, '']),
    '| option | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

function typeOf({ excerptTokens, propertyTypeTokenRange: { startIndex, endIndex } }) {
  const text = excerptTokens
    .slice(startIndex, endIndex)
    .map((token) => token.text)
    .join('');
  return text.replaceAll(/\s+/g, ' ').replace(/^\(\(/, '((').trim();
}

/** The words of a docstring and of its default, on one line each. */
function parsed(docComment = '') {
  const text = docComment
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replaceAll(/\{@link ([^}|]+?)(?: \| [^}]*)?\}/g, '`$1`');
  const [summary = '', ...tags] = text.split(/(?=^@|\s@(?:defaultValue|throws|see|returns|param)\b)/m);
  const given = tags.find((tag) => tag.trim().startsWith('@defaultValue'));
  return {
    summary: oneLine(summary),
    defaultValue: given === undefined ? '' : oneLine(given.trim().slice('@defaultValue'.length)),
  };
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}
