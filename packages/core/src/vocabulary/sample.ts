/** Label names and values of one series. Values are untrusted text; `__proto__` is a legal name, so build with a null prototype or `Object.fromEntries`. */
export type Labels = Readonly<Record<string, string>>;

/** One value of one series at one time. */
export interface Sample {
  readonly labels: Labels;
  /** Milliseconds since the Unix epoch. */
  readonly timeMs: number;
  /** May be NaN or ±Infinity: those are values, not absence. An absent sample is not in the list. */
  readonly value: number;
}

/** The answer to an instant query: one sample a series, all at the same time. Empty is an answer of its own. */
export type Vector = readonly Sample[];

/** One series over time, the answer to a range query. */
export interface Series {
  readonly labels: Labels;
  /** Oldest first. A step without a value has no point: gaps are not zeros. */
  readonly points: readonly { readonly timeMs: number; readonly value: number }[];
}
