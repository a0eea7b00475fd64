const PR_SET_PDEATHSIG = 1;
const SIGTERM = 15;

/**
 * Asks Linux to end this process when its parent dies, even while a library call hangs: a stuck process
 * never notices that its channel closed. Does nothing on other systems, or without koffi.
 */
export async function dieWithParent(): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    const { default: koffi } = await import('koffi');
    koffi.load(null).func('prctl', 'int', ['int', 'unsigned long'])(PR_SET_PDEATHSIG, SIGTERM);
  } catch {
    // Without it the helper still leaves when its channel closes, unless a call hangs.
  }
}
