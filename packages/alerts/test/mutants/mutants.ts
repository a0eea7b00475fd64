/** One small change of the code, and the test that must not let it pass. */
export interface Mutant {
  /** Number of the reliability test. */
  readonly test: string;
  /** Below `src`. */
  readonly file: string;
  /** Text that is there once. */
  readonly from: string;
  readonly to: string;
}

const step = 'rules/step.ts';

/** Each was seen red. Keep them so: a test that lets its mutant pass proves nothing. */
export const mutants: readonly Mutant[] = [
  {
    test: 'R1',
    file: 'routing/dispatcher.ts',
    from: "recovered: [...alerts.values()].filter(({ status }) => status === 'resolved')",
    to: 'recovered: []',
  },
  {
    test: 'R1',
    file: 'delivery/queue.ts',
    from: "store.put('outbox', keyOf(order), { channel, order, sending: false, entry });",
    to: '',
  },
  {
    test: 'R2',
    file: 'delivery/outbox.ts',
    from: 'entry: sending ? { ...entry, notification } : entry',
    to: 'entry: sending && notification.plain ? { ...entry, notification } : entry',
  },
  {
    test: 'R2',
    file: 'delivery/queue.ts',
    from: "store.put('outbox', keyOf(order), { channel, order, sending: true, entry: asOne });",
    to: '',
  },
  {
    test: 'R3',
    file: 'delivery/plan-send.ts',
    from: 'const free = limit.count - inWindow.length;',
    to: 'const free = limit.count + 5 - inWindow.length;',
  },
  {
    test: 'R3',
    file: 'delivery/merge.ts',
    from: 'const alerts = union(notifications);',
    to: 'const alerts = union(notifications).slice(1);',
  },
  {
    test: 'R4',
    file: 'delivery/outbox.ts',
    from: "const known = store.rows('channel').get(key) ?? newChannelHealth;",
    to: 'const known = newChannelHealth;',
  },
  {
    test: 'R5',
    file: 'channels/dingtalk-answer.ts',
    from: 'if (errcode === 0)',
    to: 'if (!errcode)',
  },
  {
    test: 'R6',
    file: 'delivery/channel-health.ts',
    from: 'const FAILURES_TO_OPEN = 5;',
    to: 'const FAILURES_TO_OPEN = 50;',
  },
  {
    test: 'R6',
    file: 'delivery/outbox.ts',
    from: 'if (health.openSinceMs !== undefined) fallBack(lane);',
    to: '',
  },
  {
    test: 'R7',
    file: 'channels/post.ts',
    from: 'Math.min(Math.max(ms, 1000), MAX_RETRY_AFTER_MS)',
    to: 'ms',
  },
  { test: 'R13', file: step, from: '>= rule.forMs', to: '> rule.forMs' },
  { test: 'R13', file: step, from: '< rule.keepFiringForMs', to: '<= rule.keepFiringForMs' },
  { test: 'R13', file: step, from: 'instance.keepFiringSinceMs ?? nowMs', to: 'nowMs' },
  { test: 'R13', file: step, from: 'known?.activeAtMs ?? nowMs', to: 'nowMs' },
  {
    test: 'R13',
    file: 'rules/candidate.ts',
    from: 'Object.is(last.value, sample.value)',
    to: 'last.value > 0',
  },
  {
    test: 'R13',
    file: step,
    from: "known === undefined || known.state === 'resolved'",
    to: 'known === undefined',
  },
  {
    test: 'R13',
    file: step,
    from: 'rule.keepFiringForMs > 0 && nowMs',
    to: 'rule.keepFiringForMs > 60_000 && nowMs',
  },
  {
    test: 'R13',
    file: 'rules/candidate.ts',
    from: "if (merged[name] === '') delete",
    to: "if (merged[name] === ' ') delete",
  },
  {
    test: 'R15',
    file: 'rules/evaluator.ts',
    from: 'const vector = await ask(rule.expr);',
    to: 'const vector = await ask(rule.expr).catch(() => []);',
  },
  { test: 'R15', file: 'create-alerting.ts', from: '  keepBlindness();\n', to: '' },
  {
    test: 'R16',
    file: 'rules/after-absence.ts',
    from: 'instance.activeAtMs + unseenMs',
    to: 'instance.activeAtMs',
  },
  { test: 'R16', file: 'rules/after-absence.ts', from: 'unseenMs > TOLERANCE_MS', to: 'unseenMs < 0' },
  {
    test: 'R16',
    file: 'rules/rule-book.ts',
    from: "store.put('alert', key, { rule: id, instance });",
    to: '{}',
  },
  { test: 'R17', file: 'create-alerting.ts', from: '    book.shift(stepMs);\n', to: '' },
  { test: 'R17', file: 'create-alerting.ts', from: '    teller.shift(stepMs);\n', to: '' },
  {
    test: 'R17',
    file: step,
    from: 'Math.max(nowMs, instance.firedAtMs ?? instance.activeAtMs)',
    to: 'nowMs',
  },
  {
    test: 'R18',
    file: 'rules/rule-book.ts',
    from: 'state !== undefined && labelsOf(id) === signatureOf(state.rule)',
    to: 'state !== undefined',
  },
  { test: 'R19', file: 'store/read-journal.ts', from: 'if (!line.endsTransaction) continue;', to: '' },
  {
    test: 'R19',
    file: 'store/claim-folder.ts',
    from: 'if (holder !== undefined) throw new FolderInUse(holder);',
    to: '',
  },
  { test: 'R19', file: 'store/durable-store.ts', from: 'waiting = new Map([...taken, ...waiting]);', to: '' },
  { test: 'R20', file: 'create-alerting.ts', from: '    if (!isLeading) return;\n', to: '' },
  { test: 'R20', file: 'create-alerting.ts', from: '.catch(() => true)', to: '.catch(() => false)' },
  {
    test: 'R23',
    file: 'delivery/redact.ts',
    from: ".replaceAll(/(?=[^\\s\"',;]*\\d)[^\\s\"',;]{12,}/g, '[secret]')",
    to: '',
  },
  { test: 'R25', file: 'routing/dispatcher.ts', from: '        held.add(id);\n', to: '' },
  { test: 'R26', file: 'delivery/queue.ts', from: 'if (waiting.size > maxEntries) mergeAll();', to: '' },
  {
    test: 'R26',
    file: 'create-alerting.ts',
    from: 'if (isLeading) await Promise.race([sendWhatIsDue(), expired]);',
    to: '',
  },
  { test: 'R27', file: 'store/journal.ts', from: '    if (size > compactAt) await compact();\n', to: '' },
  {
    test: 'R27',
    file: 'routing/should-notify.ts',
    from: 'every((key) => last.firing.has(key))',
    to: 'every(() => false)',
  },
  {
    test: 'R28',
    file: 'routing/escalation.ts',
    from: 'if (acknowledgedBy !== undefined) return [];',
    to: '',
  },
  {
    test: 'R28',
    file: 'routing/escalation.ts',
    from: "    store.put('escalation', episode, record);\n",
    to: '',
  },
];
