import { PromqlError } from '../errors.ts';
import { linePosition } from './position.ts';

/** Text that is not PromQL. The message begins with its place: `1:7: parse error: …`. */
export class ParseError extends PromqlError {
  /** Character offset of the fault in the query. */
  readonly offset: number;

  constructor(text: string, offset: number, problem: string) {
    super('parse', `${linePosition(text, offset)}: parse error: ${problem}`);
    this.offset = offset;
  }
}
