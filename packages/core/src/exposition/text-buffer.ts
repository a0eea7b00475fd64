/** A text that grows as bytes: strings added up leave so much garbage that collecting it takes longer than writing. */
export class TextBuffer {
  #bytes: Buffer = Buffer.allocUnsafe(65_536);
  #length = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /** What was written, until something else is. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length) as Uint8Array<ArrayBuffer>;
  }

  /** Forgets the text and keeps the room. */
  clear(): void {
    this.#length = 0;
  }

  add(text: string): void {
    this.#reserve(3 * text.length); // UTF-8 takes at most three bytes for a unit of UTF-16
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Writes what stands at a place once more; cheaper than adding the text again. */
  repeat(start: number, length: number): void {
    this.#reserve(length);
    this.#bytes.copyWithin(this.#length, start, start + length);
    this.#length += length;
  }

  addBytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    const target = this.#bytes;
    for (let i = 0; i < bytes.length; i += 1) target[this.#length + i] = bytes[i] ?? 0;
    this.#length += bytes.length;
  }

  /** A count and the end of its line. */
  addCountLine(count: number): void {
    const digits = String(count);
    this.#reserve(digits.length + 1);
    const target = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < digits.length; i += 1) target[at++] = digits.charCodeAt(i);
    target[at++] = 10;
    this.#length = at;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
