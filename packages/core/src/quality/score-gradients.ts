import type { ScoreGradient, SmoothedConfusion } from './smoothed-confusion.ts';

type Shares = Pick<SmoothedConfusion, 'truths' | 'answers' | 'hits'>;

/** A score of one class, and how it changes with its share of truths, of answers and of hits. */
interface ClassSlope {
  readonly score: number;
  readonly byTruth: number;
  readonly byAnswer: number;
  readonly byHit: number;
}

/** Of one class, from its shares: hits by what is divided by. */
export type ClassScore = (hits: number, truths: number, answers: number) => ClassSlope;

export const recallOf: ClassScore = (hits, truths) => {
  const score = hits / truths;
  return { score, byTruth: -score / truths, byAnswer: 0, byHit: 1 / truths };
};

export const precisionOf: ClassScore = (hits, _, answers) => {
  const score = hits / answers;
  return { score, byTruth: 0, byAnswer: -score / answers, byHit: 1 / answers };
};

export const f1Of: ClassScore = (hits, truths, answers) => {
  const score = (2 * hits) / (truths + answers);
  const byBoth = -score / (truths + answers);
  return { score, byTruth: byBoth, byAnswer: byBoth, byHit: 2 / (truths + answers) };
};

/** What classes without the score do to a mean: they count with a fixed score, or there are none. */
export interface Constants {
  readonly classes: readonly number[];
  readonly score: number;
}

/** The mean over classes, which weigh the same. */
export function macroGradient(
  shares: Shares,
  score: ClassScore,
  counted: readonly number[],
  constants: Constants = { classes: [], score: 0 },
): ScoreGradient {
  const slopes = slopesOf(shares, score, counted, constants);
  const weight = 1 / slopes.size;
  return gradient(shares, slopes, (slope) => ({
    score: weight * slope.score,
    byTruth: weight * slope.byTruth,
    byAnswer: weight * slope.byAnswer,
    byHit: weight * slope.byHit,
  }));
}

/** The mean over classes by their share of the truths, which changes too. */
export function weightedGradient(
  shares: Shares,
  score: ClassScore,
  counted: readonly number[],
  constants: Constants,
): ScoreGradient {
  const { truths } = shares;
  const slopes = slopesOf(shares, score, counted, constants);
  let whole = 0;
  let sum = 0;
  for (const [k, slope] of slopes) {
    whole += truths[k] ?? 0;
    sum += (truths[k] ?? 0) * slope.score;
  }
  const mean = sum / whole;
  return gradient(shares, slopes, (slope, k) => {
    const weight = (truths[k] ?? 0) / whole;
    return {
      score: weight * slope.score,
      byTruth: weight * slope.byTruth + (slope.score - mean) / whole,
      byAnswer: weight * slope.byAnswer,
      byHit: weight * slope.byHit,
    };
  });
}

function slopesOf(
  { truths, answers, hits }: Shares,
  score: ClassScore,
  counted: readonly number[],
  constants: Constants,
): Map<number, ClassSlope> {
  const slopes = new Map<number, ClassSlope>();
  for (const k of counted) slopes.set(k, score(hits[k] ?? 0, truths[k] ?? 0, answers[k] ?? 0));
  for (const k of constants.classes) {
    slopes.set(k, { score: constants.score, byTruth: 0, byAnswer: 0, byHit: 0 });
  }
  return slopes;
}

function gradient(
  { truths }: Shares,
  slopes: ReadonlyMap<number, ClassSlope>,
  part: (slope: ClassSlope, k: number) => ClassSlope,
): ScoreGradient {
  let value = 0;
  const byTruth = new Float64Array(truths.length);
  const byAnswer = new Float64Array(truths.length);
  const byHit = new Float64Array(truths.length);
  for (const [k, slope] of slopes) {
    const { score, ...by } = part(slope, k);
    value += score;
    byTruth[k] = by.byTruth;
    byAnswer[k] = by.byAnswer;
    byHit[k] = by.byHit;
  }
  return { value, byTruth, byAnswer, byHit };
}

/** Cohen's kappa: agreement above that of chance. */
export function kappaGradient({ truths, answers, hits }: Shares): ScoreGradient {
  const { agreed, chance } = sums(truths, answers, hits);
  const slope = -(1 - agreed) / (1 - chance) ** 2;
  return {
    value: (agreed - chance) / (1 - chance),
    byTruth: answers.map((share) => slope * share),
    byAnswer: truths.map((share) => slope * share),
    byHit: hits.map(() => 1 / (1 - chance)),
  };
}

/** Matthews correlation coefficient: the covariance of truth and answer by their deviations. */
export function mccGradient({ truths, answers, hits }: Shares): ScoreGradient {
  const { agreed, chance, truthSquares, answerSquares } = sums(truths, answers, hits);
  const deviation = Math.sqrt((1 - truthSquares) * (1 - answerSquares));
  const value = (agreed - chance) / deviation;
  return {
    value,
    byTruth: truths.map((share, k) => (value * share) / (1 - truthSquares) - (answers[k] ?? 0) / deviation),
    byAnswer: answers.map((share, k) => (value * share) / (1 - answerSquares) - (truths[k] ?? 0) / deviation),
    byHit: hits.map(() => 1 / deviation),
  };
}

function sums(
  truths: Float64Array,
  answers: Float64Array,
  hits: Float64Array,
): Record<'agreed' | 'chance' | 'truthSquares' | 'answerSquares', number> {
  let [agreed, chance, truthSquares, answerSquares] = [0, 0, 0, 0];
  for (const [k, share] of hits.entries()) {
    const [truth, answer] = [truths[k] ?? 0, answers[k] ?? 0];
    agreed += share;
    chance += truth * answer;
    truthSquares += truth * truth;
    answerSquares += answer * answer;
  }
  return { agreed, chance, truthSquares, answerSquares };
}
