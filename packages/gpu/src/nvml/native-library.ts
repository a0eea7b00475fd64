/** How an argument travels: a pointer we got from the library, memory of ours, or a number. */
export type NativeType = 'handle' | 'buffer' | 'uint32' | 'uint64';

/** The arguments of a function with the given signature. A wrong one would end the process, so types check them. */
export type NativeArguments<Signature extends readonly NativeType[]> = {
  -readonly [Position in keyof Signature]: Signature[Position] extends 'buffer'
    ? Buffer
    : Signature[Position] extends 'uint32'
      ? number
      : bigint;
};

type NativeFunction = (...args: readonly (bigint | number | Buffer)[]) => number;

/** A loaded shared library whose functions return a C `int`. */
export interface NativeLibrary {
  /** `undefined` when the library does not export it: older drivers lack newer functions. */
  find(name: string, signature: readonly NativeType[]): NativeFunction | undefined;
  /** Gives it back. A function of it that is called afterwards ends the process. */
  unload(): void;
}

/** Loads a library by path or soname. Throws what the dynamic linker says. */
export type OpenLibrary = (path: string) => NativeLibrary;
