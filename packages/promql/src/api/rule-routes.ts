import type { LabelMatcher } from '../language/ast.ts';
import { matcherTest } from '../labels/match.ts';
import { success } from './answers.ts';
import { BadParameter } from './parameters.ts';
import type { Route } from './route.ts';
import { pageOf, readRulePage } from './rule-pages.ts';
import { readSelectors } from './selectors.ts';

const GET = ['GET', 'HEAD'] as const;

export interface RuleRouteOptions {
  readonly rules?: (() => unknown) | undefined;
  readonly alerts?: (() => unknown) | undefined;
}

/** `rules`, with the filters and pages of Prometheus, and `alerts`. */
export function ruleRoutes({ rules, alerts }: RuleRouteOptions): readonly Route[] {
  return [
    {
      path: /^\/api\/v1\/rules$/,
      methods: GET,
      async answer({ parameters }) {
        const page = readRulePage(parameters);
        const filter = readRuleFilter(parameters);
        const listed = filterRules((await rules?.()) ?? { groups: [] }, filter);
        const { groups, ...rest } = membersOf(listed);
        if (page === undefined || !Array.isArray(groups)) return success(listed);
        return success({ ...pageOf(groups.map(membersOf), page), ...rest });
      },
    },
    {
      path: /^\/api\/v1\/alerts$/,
      methods: GET,
      answer: async () => success((await alerts?.()) ?? { alerts: [] }),
    },
  ];
}

/** What `rules` is asked for. Empty lists ask for everything. */
export interface RuleFilter {
  readonly type: '' | 'alert' | 'record';
  readonly ruleNames: readonly string[];
  readonly groupNames: readonly string[];
  readonly files: readonly string[];
  /** A rule is listed when its own labels satisfy one of them. */
  readonly selectors: readonly (readonly LabelMatcher[])[];
  readonly excludeAlerts: boolean;
}

/** What Go takes for yes and no. */
const BOOLEANS: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['', '0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
]);

export function readRuleFilter(parameters: URLSearchParams): RuleFilter {
  const selectors = readSelectors(parameters);
  const type = (parameters.get('type') ?? '').toLowerCase();
  if (type !== '' && type !== 'alert' && type !== 'record') {
    throw new BadParameter('type', `not supported value ${JSON.stringify(type)}`);
  }
  const word = parameters.get('exclude_alerts') ?? '';
  const excludeAlerts = Object.hasOwn(BOOLEANS, word) ? BOOLEANS[word] : undefined;
  if (excludeAlerts === undefined) {
    const problem = `strconv.ParseBool: parsing ${JSON.stringify(word)}: invalid syntax`;
    throw new BadParameter('exclude_alerts', `error converting exclude_alerts: ${problem}`);
  }
  return {
    type,
    ruleNames: parameters.getAll('rule_name[]'),
    groupNames: parameters.getAll('rule_group[]'),
    files: parameters.getAll('file[]'),
    selectors,
    excludeAlerts,
  };
}

type Members = Readonly<Record<string, unknown>>;

/** The rules that the filter lets through; groups without any are left out. What has no groups passes as it is. */
export function filterRules(data: unknown, filter: RuleFilter): unknown {
  const { groups, ...rest } = membersOf(data);
  if (!Array.isArray(groups)) return data;
  const { type, ruleNames, groupNames, files, selectors, excludeAlerts } = filter;
  const isWanted = (rule: Members): boolean =>
    admits(ruleNames, rule['name']) &&
    (type === '' || rule['type'] === (type === 'alert' ? 'alerting' : 'recording')) &&
    (selectors.length === 0 || selectors.some((matchers) => satisfies(membersOf(rule['labels']), matchers)));
  const kept = groups
    .map(membersOf)
    .filter((group) => admits(groupNames, group['name']) && admits(files, group['file']))
    .map((group) => {
      const rules = (Array.isArray(group['rules']) ? group['rules'] : []).map(membersOf).filter(isWanted);
      return { ...group, rules: excludeAlerts ? rules.map(withoutAlerts) : rules };
    })
    .filter(({ rules }) => rules.length > 0);
  return { groups: kept, ...rest };
}

function admits(names: readonly string[], name: unknown): boolean {
  return names.length === 0 || names.some((each) => each === name);
}

function satisfies(labels: Members, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every((matcher) => {
    const value = Object.hasOwn(labels, matcher.name) ? labels[matcher.name] : '';
    return matcherTest(matcher).accepts(String(value));
  });
}

function withoutAlerts(rule: Members): Members {
  return 'alerts' in rule ? { ...rule, alerts: null } : rule;
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}
