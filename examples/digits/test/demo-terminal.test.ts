import { describe, expect, it } from 'vitest';
import { createTerminal } from '../src/demo/terminal.ts';

function terminalOn(isTTY: boolean) {
  let written = '';
  const stream = { isTTY, columns: 20, write: (text: string) => void (written += text) };
  return { terminal: createTerminal(stream as unknown as NodeJS.WriteStream), written: () => written };
}

describe('in a terminal', () => {
  it('replaces the progress line, and keeps what is said above it', () => {
    const { terminal, written } = terminalOn(true);
    terminal.progress('1 s');
    terminal.progress('2 s');
    terminal.say('an alert fires');
    terminal.progress('3 s');
    expect(written()).toBe('\r\u001B[K1 s\r\u001B[K2 s\r\u001B[Kan alert fires\n\r\u001B[K3 s');
  });

  it('cuts a progress line that would wrap: a wrapped one cannot be replaced', () => {
    const { terminal, written } = terminalOn(true);
    terminal.progress('x'.repeat(50));
    expect(written()).toBe(`\r\u001B[K${'x'.repeat(19)}`);
  });
});

describe('elsewhere', () => {
  it('writes every tenth progress line, without control characters', () => {
    const { terminal, written } = terminalOn(false);
    for (let second = 0; second < 21; second++) terminal.progress(`${second} s`);
    expect(written()).toBe('0 s\n10 s\n20 s\n');
  });
});

describe('its logger', () => {
  it('says the sentence, and the error where there is one', () => {
    const { terminal, written } = terminalOn(false);
    const { logger } = terminal;
    logger.debug({}, 'a detail');
    logger.info({ action: 'up' }, '[Autoscaler] 1 → 2');
    logger.error({ error: new Error('no answer') }, 'a tick failed');
    logger.warn({ error: 'a text' }, 'a warning');
    expect(written()).toBe('[Autoscaler] 1 → 2\na tick failed: no answer\na warning\n');
  });
});
