import type { Expr } from '../language/ast.ts';
import { parse } from '../language/parse.ts';

const MAX_QUERIES = 200;
/** Longer texts are parsed each time: their trees would take memory without being asked for often. */
const MAX_CHARACTERS = 2_000;

/** Trees of the queries asked last: rules and dashboards ask the same text again and again. */
export class ParsedQueries {
  readonly #trees = new Map<string, Expr>();

  /** @throws {@link ParseError} as {@link parse} */
  get(text: string): Expr {
    const known = this.#trees.get(text);
    if (known !== undefined) {
      this.#trees.delete(text);
      this.#trees.set(text, known);
      return known;
    }
    const tree = parse(text);
    if (text.length > MAX_CHARACTERS) return tree;
    this.#trees.set(text, tree);
    if (this.#trees.size > MAX_QUERIES) this.#trees.delete(this.#trees.keys().next().value as string);
    return tree;
  }
}
