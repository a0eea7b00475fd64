import { expect, it } from 'vitest';
import { libraryCandidates } from './library-candidates.ts';
import { libraryFailure } from './open-nvml.ts';

const absent = 'Failed to load shared library: cannot open shared object file: No such file or directory';

it.for([
  // message  path given  trace of hardware  reason
  [absent, undefined, undefined, 'no-gpu'],
  [absent, undefined, '/dev/nvidiactl', 'gpu-without-library'], // NVIDIA_DRIVER_CAPABILITIES without utility
  [absent, '/opt/nvml.so', undefined, 'library-not-found'],
  ['Failed to load shared library: file too short', undefined, '/dev/nvidiactl', 'library-unusable'], // empty mount
  ['Failed to load shared library: wrong ELF class: ELFCLASS32', undefined, undefined, 'library-unusable'],
  [
    'Error relocating libnvidia-ml.so.1: __strdup: symbol not found',
    undefined,
    undefined,
    'library-unusable',
  ], // musl
  [
    'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /usr/lib/libnvidia-ml.so.1)',
    undefined,
    '/dev/nvidiactl',
    'library-unusable',
  ], // musl: the loader of glibc is what is absent
  [
    'Failed to load shared library: libc.so.7: cannot open shared object file: No such file or directory',
    undefined,
    '/dev/nvidiactl',
    'library-unusable',
  ], // it is there, what it needs is not
] as const)('%s (path %s, hardware %s) is %s', ([message, given, hardware, reason]) => {
  expect(libraryFailure([{ path: 'libnvidia-ml.so.1', message }], given, hardware)).toMatchObject({ reason });
});

it('names the file that was refused, which the linker leaves out', () => {
  const failures = [
    { path: 'libnvidia-ml.so.1', message: absent },
    { path: '/usr/lib/wsl/lib/libnvidia-ml.so.1', message: 'file too short' },
  ];
  const { evidence } = libraryFailure(failures, undefined, undefined);
  expect(evidence).toBe('/usr/lib/wsl/lib/libnvidia-ml.so.1: file too short');
});

it('searches the versioned name only: `.so` belongs to the development package', () => {
  expect(libraryCandidates('linux', {})[0]).toBe('libnvidia-ml.so.1');
  expect(libraryCandidates('linux', {}).every((path) => path.endsWith('.so.1'))).toBe(true);
});

it('searches System32 before the older folder on Windows, and nowhere on macOS', () => {
  expect(libraryCandidates('win32', { SystemRoot: 'D:\\Windows' })[0]).toBe(
    'D:\\Windows\\System32\\nvml.dll',
  );
  expect(libraryCandidates('darwin', {})).toEqual([]);
});
