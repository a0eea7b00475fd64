/** A fenced block of Markdown. */
export interface Fence {
  readonly language: string;
  readonly code: string;
}

/** Fenced blocks in order of appearance. */
export function fences(markdown: string): readonly Fence[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    code: match[2] ?? '',
  }));
}

/** A printed output as a pattern; `…` stands for whatever differs from run to run. */
export function toPattern(text: string): RegExp {
  const escaped = text.trimEnd().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('…', '.*?')}$`, 's');
}
