import { userInfo } from 'node:os';
import { ConfigError, systemClock } from '@tidewatch/core';
import { parseMatcher, splitMatchers, type Matcher } from '@tidewatch/alerts';
import { toMatcherJson, type MatcherJson, type SilenceJson } from '../alerts-api/silence-json.ts';
import { alignColumns } from './align-columns.ts';
import { CommandUsageError, type Call, type CommandHost, type ExitStatus } from './call.ts';
import { serviceClient, ServiceError, type ServiceClient } from './service-client.ts';
import { durationOption, timeOption } from './time-option.ts';

type Verb = (words: readonly string[], call: Call, host: CommandHost) => Promise<ExitStatus>;

const verbs: Readonly<Record<string, Verb>> = { add, list, expire };

/** How long a silence lasts when nothing is said, as in amtool. */
const DEFAULT_DURATION = '1h';

/** `alerts silence add|list|expire`: silences of a running service. */
export async function silenceAlerts(call: Call, host: CommandHost): Promise<ExitStatus> {
  const [first = '', ...words] = call.files;
  const verb = Object.hasOwn(verbs, first) ? verbs[first] : undefined;
  if (verb === undefined) throw new CommandUsageError(call.texts.badVerb(first, Object.keys(verbs)));
  try {
    return await verb(words, call, host);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    host.stderr(error.message);
    return 1;
  }
}

async function add(words: readonly string[], call: Call, host: CommandHost): Promise<ExitStatus> {
  const { texts, json, comment = '', expired } = call;
  if (expired) throw new CommandUsageError(texts.foreignOption('--expired', 'alerts silence add'));
  if (words.length === 0) throw new CommandUsageError(texts.noMatcher);
  const matchers = matchersIn(words, call);
  const { author = authorOf(host) } = call;
  const { startsAt, endsAt } = timesOf(call, host);
  const service = serviceClient(call, host);
  const body = { matchers: matchers.map(toMatcherJson), startsAt, endsAt, createdBy: author, comment };
  const { silenceID } = (await service.ask('/api/v2/silences', { method: 'POST', body })) as {
    silenceID: string;
  };
  const silence = (await service.ask(silencePath(silenceID))) as SilenceJson;
  const quiet = await firingThatMatch(service, matchers);
  if (json) host.stdout(JSON.stringify({ ...silence, alerts: quiet }));
  else host.stdout(texts.silenced(silenceID, silence.endsAt.replace(/\.\d+Z$/, 'Z'), quiet));
  return 0;
}

async function list(words: readonly string[], call: Call, host: CommandHost): Promise<ExitStatus> {
  refuseOptions('list', call);
  const search = new URLSearchParams();
  for (const matcher of words.length === 0 ? [] : matchersIn(words, call))
    search.append('filter', matcherText(toMatcherJson(matcher)));
  const found = (await serviceClient(call, host).ask(
    `/api/v2/silences?${search.toString()}`,
  )) as readonly SilenceJson[];
  const silences = found.filter(({ status }) => call.expired || status.state !== 'expired');
  if (call.json) host.stdout(JSON.stringify(silences));
  else if (silences.length === 0) host.stdout(call.texts.noSilences);
  else {
    const rows = silences.map(({ id, status, endsAt, createdBy, matchers, comment }) => [
      id,
      call.texts.silenceStates[status.state],
      endsAt.replace(/\.\d+Z$/, 'Z'),
      createdBy === '' ? '-' : createdBy,
      matchers.map(matcherText).join(' '),
      comment,
    ]);
    for (const line of alignColumns([call.texts.silenceColumns, ...rows])) host.stdout(line);
  }
  return 0;
}

/** Each is tried, whatever is wrong with the one before it. */
async function expire(words: readonly string[], call: Call, host: CommandHost): Promise<ExitStatus> {
  refuseOptions('expire', call);
  const { texts, json } = call;
  if (words.length === 0) throw new CommandUsageError(texts.noSilenceId);
  const service = serviceClient(call, host);
  const results: { id: string; error?: string }[] = [];
  for (const id of words) {
    try {
      await service.ask(silencePath(id), { method: 'DELETE' });
      results.push({ id });
      if (!json) host.stdout(texts.silenceEnded(id));
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 404) throw error;
      results.push({ id, error: error.message });
      if (!json) host.stderr(texts.unknownSilence(id));
    }
  }
  if (json) host.stdout(JSON.stringify(results));
  return results.some(({ error }) => error !== undefined) ? 1 : 0;
}

/** What only a new silence has; `--expired` is for lists. */
function refuseOptions(verb: 'list' | 'expire', call: Call): void {
  const { duration, until, from, comment, author, texts } = call;
  const given = Object.entries({ '--for': duration, '--until': until, '--from': from, '--comment': comment })
    .concat([['--author', author]])
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (verb === 'expire' && call.expired) given.push('--expired');
  const [first] = given;
  if (first !== undefined) throw new CommandUsageError(texts.foreignOption(first, `alerts silence ${verb}`));
}

/** A first word without an operator is the name of an alert, as in amtool. */
function matchersIn(words: readonly string[], { texts }: Call): Matcher[] {
  const [first = '', ...rest] = words;
  const written = [/^[\w:]+$/.test(first) ? `alertname="${first}"` : first, ...rest];
  return written.flatMap(splitMatchers).map((text) => {
    try {
      return parseMatcher(text);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      throw new CommandUsageError(texts.badMatcher(text.trim()), { cause: error });
    }
  });
}

function timesOf(call: Call, { clock = systemClock }: CommandHost): { startsAt: string; endsAt: string } {
  const { texts, from, until, duration } = call;
  if (until !== undefined && duration !== undefined) throw new CommandUsageError(texts.forAndUntil);
  // The service's own clock says when now is; the wish is told in times, as Alertmanager takes it.
  const nowMs = clock.now();
  const fromMs = from === undefined ? nowMs : timeOption('--from', from, call);
  const untilMs =
    until === undefined
      ? fromMs + durationOption('--for', duration ?? DEFAULT_DURATION, call)
      : timeOption('--until', until, call);
  return { startsAt: new Date(fromMs).toISOString(), endsAt: new Date(untilMs).toISOString() };
}

async function firingThatMatch(service: ServiceClient, matchers: readonly Matcher[]): Promise<number> {
  const search = new URLSearchParams();
  for (const matcher of matchers) search.append('filter', matcherText(toMatcherJson(matcher)));
  const alerts = (await service.ask(`/api/v2/alerts?${search.toString()}`)) as readonly unknown[];
  return alerts.length;
}

function silencePath(id: string): string {
  return `/api/v2/silence/${encodeURIComponent(id)}`;
}

function matcherText({ name, value, isRegex, isEqual }: MatcherJson): string {
  const quoted = value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}"${quoted}"`;
}

/** Who sits here; a system without an account for this process has no name. */
function authorOf({ env }: CommandHost): string {
  const named = env['USER'] ?? env['LOGNAME'];
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
