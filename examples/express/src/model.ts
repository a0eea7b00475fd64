/** A tiny real classifier: which language is this sentence in? Counts the most frequent small words. */
const smallWords = {
  en: ['the', 'and', 'is', 'of', 'to', 'in', 'that', 'it', 'was', 'for', 'with', 'not'],
  de: ['der', 'die', 'das', 'und', 'ist', 'nicht', 'ein', 'eine', 'zu', 'mit', 'von', 'den'],
  fr: ['le', 'la', 'les', 'et', 'est', 'un', 'une', 'de', 'des', 'pas', 'que', 'dans'],
} as const;

type Language = keyof typeof smallWords;

export const languages = Object.keys(smallWords) as Language[];

export function classify(text: unknown): { predicted: Language; confidence: number } {
  const words = String(text)
    .toLowerCase()
    .split(/[^\p{Letter}]+/u);
  const hits = languages.map((language) => ({
    language,
    count: words.filter((word) => (smallWords[language] as readonly string[]).includes(word)).length,
  }));
  const best = hits.reduce((a, b) => (b.count > a.count ? b : a));
  const total = hits.reduce((sum, { count }) => sum + count, 0);
  return { predicted: best.language, confidence: total === 0 ? 1 / languages.length : best.count / total };
}
