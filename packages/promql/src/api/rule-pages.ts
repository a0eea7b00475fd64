import { createHash } from 'node:crypto';
import { BadParameter } from './parameters.ts';

/** So many groups, from the one that a token names. */
export interface RulePage {
  readonly limit: number;
  readonly token: string;
}

const MAX_INT_32 = 2 ** 31 - 1;

/** The page that is asked for; `undefined` for all groups. */
export function readRulePage(parameters: URLSearchParams): RulePage | undefined {
  const text = parameters.get('group_limit') ?? '';
  const token = parameters.get('group_next_token') ?? '';
  if (text === '') {
    if (token === '') return undefined;
    const problem = 'group_limit needs to be present in order to paginate over the groups';
    throw new BadParameter('group_next_token', problem);
  }
  const limit = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(limit) <= MAX_INT_32)) {
    const reason = Number.isNaN(limit) ? 'invalid syntax' : 'value out of range';
    const problem = `strconv.ParseInt: parsing ${JSON.stringify(text.slice(0, 100))}: ${reason}`;
    throw new BadParameter('group_limit', `group_limit needs to be a valid number: ${problem}`);
  }
  if (limit <= 0) throw new BadParameter('group_limit', 'group_limit needs to be greater than 0');
  return { limit, token };
}

type Group = Readonly<Record<string, unknown>>;

/**
 * One page of the groups that are listed, and the token of the page after it.
 *
 * @throws {@link BadParameter} when no group has the token: the groups have changed.
 */
export function pageOf(
  groups: readonly Group[],
  { limit, token }: RulePage,
): { readonly groups: readonly Group[]; readonly groupNextToken?: string } {
  const from = token === '' ? 0 : groups.findIndex((group) => tokenOf(group) === token);
  if (from < 0) {
    const problem = `invalid group_next_token '${token.slice(0, 100)}'. were rule groups changed?`;
    throw new BadParameter('group_next_token', problem);
  }
  const next = groups[from + limit];
  const page = groups.slice(from, from + limit);
  return next === undefined ? { groups: page } : { groups: page, groupNextToken: tokenOf(next) };
}

function tokenOf({ file, name }: Group): string {
  return createHash('sha1')
    .update(`${String(file)};${String(name)}`)
    .digest('hex');
}
