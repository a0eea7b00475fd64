import { lex, lineOf, type Token, type TokenKind } from './lex.ts';
import type { Command, Node, Operand, ParsedTemplate, Pipeline } from './node.ts';
import { parseNumber } from './parse-number.ts';
import { TemplateError } from './template-error.ts';

type Ending = 'end' | 'else' | 'end of text';

/** Deeper nesting than this is refused: the parser and the executor recurse. */
const MAX_DEPTH = 100;

/**
 * Parses Go's text/template language.
 *
 * @throws {@link TemplateError} with Go's wording: `template: NAME:LINE: function "now" not defined`.
 * @see https://pkg.go.dev/text/template
 */
export function parseTemplate(source: string, name: string, functions: ReadonlySet<string>): ParsedTemplate {
  const parser = new Parser(source, name, functions);
  return parser.parse();
}

class Parser {
  readonly #source: string;
  readonly #name: string;
  readonly #functions: ReadonlySet<string>;
  readonly #tokens: readonly Token[];
  readonly #definitions = new Map<string, readonly Node[]>();
  #next = 0;
  #depth = 0;
  #rangeDepth = 0;
  #scopes: string[][] = [['$']];

  constructor(source: string, name: string, functions: ReadonlySet<string>) {
    this.#source = source;
    this.#name = name;
    this.#functions = functions;
    this.#tokens = lex(source, name);
  }

  parse(): ParsedTemplate {
    const { nodes, ending } = this.#list();
    if (ending !== 'end of text') this.#fail(`unexpected {{${ending}}}`);
    return { name: this.#name, source: this.#source, nodes, definitions: this.#definitions };
  }

  #list(): { nodes: Node[]; ending: Ending } {
    if (++this.#depth > MAX_DEPTH) this.#fail('nested too deeply');
    const nodes: Node[] = [];
    try {
      for (;;) {
        const token = this.#tokens[this.#next];
        if (token === undefined) return { nodes, ending: 'end of text' };
        this.#next++;
        if (token.kind === 'text') {
          nodes.push({ kind: 'text', text: token.text });
          continue;
        }
        this.#skipSpace();
        const keyword = this.#peek()?.kind === 'identifier' ? this.#peek()?.text : undefined;
        if (keyword === 'end' || keyword === 'else') {
          this.#next++;
          if (keyword === 'end') this.#expect('close', 'end');
          return { nodes, ending: keyword };
        }
        const node = this.#action(keyword);
        if (node !== undefined) nodes.push(node);
      }
    } finally {
      this.#depth--;
    }
  }

  #action(keyword: string | undefined): Node | undefined {
    switch (keyword) {
      case undefined:
        return this.#print();
      case 'if':
      case 'with':
      case 'range':
        this.#next++;
        return this.#branch(keyword);
      case 'define':
      case 'block':
      case 'template':
        this.#next++;
        return this.#named(keyword);
      case 'break':
      case 'continue':
        this.#next++;
        if (this.#rangeDepth === 0) this.#fail(`{{${keyword}}} outside {{range}}`);
        this.#expect('close', keyword);
        return { kind: keyword };
      default:
        return this.#print();
    }
  }

  #print(): Node {
    const pipeline = this.#pipeline('command', 'close');
    this.#expect('close', 'command');
    return { kind: 'print', pipeline };
  }

  #branch(kind: 'if' | 'with' | 'range'): Node {
    this.#scopes.push([]);
    if (kind === 'range') this.#rangeDepth++;
    const pipeline = this.#pipeline(kind, 'close');
    this.#expect('close', kind);
    const { nodes: body, ending } = this.#list();
    if (kind === 'range') this.#rangeDepth--;
    let otherwise: readonly Node[] = [];
    if (ending === 'end of text') this.#fail('unexpected EOF');
    if (ending === 'else') otherwise = this.#otherwise(kind);
    this.#scopes.pop();
    return { kind, pipeline, body, otherwise };
  }

  #otherwise(kind: 'if' | 'with' | 'range'): readonly Node[] {
    this.#skipSpace();
    const next = this.#peek();
    if (next?.kind === 'identifier' && next.text === kind && kind !== 'range') {
      this.#next++;
      return [this.#branch(kind)];
    }
    this.#expect('close', 'else');
    const { nodes, ending } = this.#list();
    if (ending === 'end of text') this.#fail('unexpected EOF');
    if (ending === 'else') this.#fail('expected end; found {{else}}');
    return nodes;
  }

  #named(keyword: 'define' | 'block' | 'template'): Node | undefined {
    this.#skipSpace();
    const token = this.#expect('string', keyword);
    const name = unquote(token.text);
    this.#skipSpace();
    if (keyword === 'template') {
      const pipeline = this.#peek()?.kind === 'close' ? undefined : this.#pipeline('template', 'close');
      this.#expect('close', keyword);
      return { kind: 'template', name, pipeline, at: token.at };
    }
    const pipeline = keyword === 'block' ? this.#pipeline('block', 'close') : undefined;
    this.#expect('close', keyword);
    const scopes = this.#scopes;
    this.#scopes = [['$']];
    const { nodes, ending } = this.#list();
    this.#scopes = scopes;
    if (ending !== 'end') this.#fail('unexpected EOF');
    this.#definitions.set(name, nodes);
    return pipeline === undefined ? undefined : { kind: 'template', name, pipeline, at: token.at };
  }

  #pipeline(context: string, until: TokenKind): Pipeline {
    this.#skipSpace();
    const { variables, assigns } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      commands.push(this.#command(context));
      this.#skipSpace();
      if (this.#peek()?.kind === 'pipe') {
        this.#next++;
        this.#skipSpace();
        continue;
      }
      if (this.#peek()?.kind === until) break;
      this.#fail(`unexpected ${this.#describeNext()} in ${context}`);
    }
    for (const command of commands.slice(1)) {
      const first = command.operands[0];
      if (first.kind === 'literal' || first.kind === 'dot') {
        this.#fail(`non executable command in pipeline stage ${commands.indexOf(command) + 1}`);
      }
    }
    if (!assigns) this.#scopes.at(-1)?.push(...variables);
    return { variables, assigns, commands };
  }

  #declarations(context: string): { variables: string[]; assigns: boolean } {
    const start = this.#next;
    const variables: string[] = [];
    while (this.#peek()?.kind === 'variable') {
      variables.push(this.#peek()?.text ?? '');
      this.#next++;
      this.#skipSpace();
      const kind = this.#peek()?.kind;
      if (kind === 'declare' || kind === 'assign') {
        this.#next++;
        this.#skipSpace();
        if (kind === 'assign') for (const name of variables) this.#checkVariable(name);
        return { variables, assigns: kind === 'assign' };
      }
      if (kind !== 'comma' || context !== 'range' || variables.length === 2) break;
      this.#next++;
      this.#skipSpace();
    }
    this.#next = start;
    return { variables: [], assigns: false };
  }

  #command(context: string): Command {
    const operands: Operand[] = [];
    const at = this.#peek()?.at ?? this.#source.length;
    for (;;) {
      this.#skipSpace();
      const operand = this.#operand();
      if (operand === undefined) break;
      operands.push(operand);
      const kind = this.#peek()?.kind;
      if (kind !== 'space') break;
    }
    const [first, ...rest] = operands;
    if (first === undefined) return this.#fail(this.#missingCommand(context));
    return { operands: [first, ...rest], at, text: operands.map(({ text }) => text).join(' ') };
  }

  #missingCommand(context: string): string {
    const kind = this.#peek()?.kind;
    if (kind === 'close' || kind === 'right-paren') return `missing value for ${context}`;
    return `unexpected ${this.#describeNext()} in operand`;
  }

  #operand(): Operand | undefined {
    const base = this.#term();
    if (base === undefined) return undefined;
    const names: string[] = base.kind === 'fields' ? [...base.names] : [];
    const start = names.length;
    while (this.#peek()?.kind === 'field') names.push((this.#tokens[this.#next++]?.text ?? '.').slice(1));
    if (names.length === start) return base;
    if (base.kind === 'literal') this.#fail(`unexpected . after term ${JSON.stringify(base.text)}`);
    const root = base.kind === 'fields' ? base.base : base;
    const text = `${root.kind === 'dot' ? '' : root.text}.${names.join('.')}`;
    return { kind: 'fields', base: root, names, at: base.at, text };
  }

  #term(): Operand | undefined {
    const token = this.#peek();
    if (token === undefined) return undefined;
    const { kind, text, at } = token;
    if (kind === 'left-paren') return this.#parenthesised(at);
    const read = this.#termReaders[kind];
    if (read === undefined) return undefined;
    this.#next++;
    return read(text, at);
  }

  readonly #termReaders: Partial<Record<TokenKind, (text: string, at: number) => Operand>> = {
    identifier: (text, at) => this.#word(text, at),
    variable: (text, at) => {
      this.#checkVariable(text);
      return { kind: 'variable', name: text, at, text };
    },
    field: (text, at) => {
      return { kind: 'fields', base: { kind: 'dot', at, text: '.' }, names: [text.slice(1)], at, text };
    },
    dot: (text, at) => ({ kind: 'dot', at, text }),
    string: (text, at) => ({ kind: 'literal', value: this.#string(text), at, text }),
    char: (text, at) => ({ kind: 'literal', value: this.#number(text), at, text }),
    number: (text, at) => ({ kind: 'literal', value: this.#number(text), at, text }),
  };

  #word(text: string, at: number): Operand {
    if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', at, text };
    if (text === 'nil') return { kind: 'literal', value: undefined, at, text };
    if (!this.#functions.has(text)) this.#fail(`function ${JSON.stringify(text)} not defined`, at);
    return { kind: 'function', name: text, at, text };
  }

  #parenthesised(at: number): Operand {
    if (++this.#depth > MAX_DEPTH) this.#fail('nested too deeply');
    this.#next++;
    const pipeline = this.#pipeline('parenthesized pipeline', 'right-paren');
    const end = this.#expect('right-paren', 'parenthesized pipeline');
    this.#depth--;
    return { kind: 'pipeline', pipeline, at, text: this.#source.slice(at, end.at + 1) };
  }

  #string(text: string): string {
    try {
      return unquote(text);
    } catch {
      return this.#fail('invalid syntax');
    }
  }

  #number(text: string): bigint | number {
    return parseNumber(text) ?? this.#fail(`bad number syntax: ${JSON.stringify(text)}`);
  }

  #checkVariable(name: string): void {
    if (!this.#scopes.some((scope) => scope.includes(name))) {
      this.#fail(`undefined variable ${JSON.stringify(name)}`);
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #skipSpace(): void {
    while (this.#peek()?.kind === 'space') this.#next++;
  }

  #expect(kind: TokenKind, context: string): Token {
    this.#skipSpace();
    const token = this.#peek();
    if (token?.kind !== kind) return this.#fail(`unexpected ${this.#describeNext()} in ${context}`);
    this.#next++;
    return token;
  }

  #describeNext(): string {
    const token = this.#peek();
    return token === undefined ? 'EOF' : JSON.stringify(token.text);
  }

  #fail(problem: string, at?: number): never {
    const place = at ?? this.#tokens[Math.max(0, Math.min(this.#next, this.#tokens.length) - 1)]?.at ?? 0;
    throw new TemplateError(`template: ${this.#name}:${lineOf(this.#source, place)}: ${problem}`);
  }
}

/** Go's string literals, raw or interpreted; the escapes that JSON lacks are translated first. */
function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  const json = text
    .replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => `\\u00${hex}`)
    .replaceAll(/\\a/g, '\\u0007')
    .replaceAll(/\\v/g, '\\u000b')
    .replaceAll(/\t/g, '\\t');
  return JSON.parse(json) as string;
}
