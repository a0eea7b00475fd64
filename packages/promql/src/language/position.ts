/** Half-open range of character offsets in the query text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** 1-based `line:column` of an offset, as Prometheus prints it in errors and annotations: columns count bytes. */
export function linePosition(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1)) + 1}`;
}
