import type { NativeLibrary, NativeType, OpenLibrary } from './native-library.ts';

const koffiTypes: Readonly<Record<NativeType, string>> = {
  handle: 'uintptr_t',
  buffer: 'void *',
  uint32: 'uint32_t',
  uint64: 'uint64_t',
};

/**
 * Loads koffi, which is an optional dependency: rejects when it is absent or forbidden.
 *
 * Only synchronous calls: koffi's asynchronous ones let the garbage collector free a buffer that the
 * driver still writes to, and make `process.exit()` wait for ever behind a stuck driver.
 */
export async function loadKoffi(): Promise<OpenLibrary> {
  const { default: koffi } = await import('koffi');
  return (path): NativeLibrary => {
    const library = koffi.load(path);
    return {
      find(name, signature) {
        try {
          return library.func(
            name,
            'int',
            signature.map((type) => koffiTypes[type]),
          );
        } catch {
          return undefined;
        }
      },
      unload: () => library.unload(),
    };
  };
}
