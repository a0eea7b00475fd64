/** A part of a parsed template that gives a value. `at` is its offset, `text` how Go prints it in errors. */
export type Operand =
  | {
      readonly kind: 'literal';
      readonly value: string | bigint | number | boolean | undefined;
      readonly at: number;
      readonly text: string;
    }
  | { readonly kind: 'dot'; readonly at: number; readonly text: string }
  | { readonly kind: 'function'; readonly name: string; readonly at: number; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly at: number; readonly text: string }
  | {
      readonly kind: 'fields';
      readonly base: Operand;
      readonly names: readonly string[];
      readonly at: number;
      readonly text: string;
    }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline; readonly at: number; readonly text: string };

/** An operand and, when it is a function, its arguments. */
export interface Command {
  readonly operands: readonly [Operand, ...Operand[]];
  readonly text: string;
  readonly at: number;
}

/** Commands joined by `|`, with the variables that take the result. */
export interface Pipeline {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A node that runs one of two bodies, or one of them many times. */
export interface BranchNode {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipeline: Pipeline;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

/** A part of a parsed template that writes or decides. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipeline: Pipeline }
  | BranchNode
  | {
      readonly kind: 'template';
      readonly name: string;
      readonly pipeline: Pipeline | undefined;
      readonly at: number;
    }
  | { readonly kind: 'break' | 'continue' };

/** A template ready to be executed any number of times. */
export interface ParsedTemplate {
  readonly name: string;
  readonly source: string;
  readonly nodes: readonly Node[];
  /** Bodies of `define` and `block`, by name. */
  readonly definitions: ReadonlyMap<string, readonly Node[]>;
}
