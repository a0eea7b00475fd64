import { ConfigError, systemClock } from '@tidewatch/core';
import type { Outcome } from '../delivery/outcome.ts';
import { zonedTime } from '../routing/zoned-time.ts';
import type { Channel, Notification } from './channel.ts';
import { httpChannel, type HttpChannelOptions, type Service, type ServiceRequest } from './http-channel.ts';

/** What every SMS channel can be told. */
export interface SmsOptions extends HttpChannelOptions {
  /** At most 100; each gets a message of its own. Personal data: never logged, never put in an error. */
  readonly phoneNumbers: readonly string[];
  /**
   * Most messages a day, all numbers together: they cost money. What is beyond it goes to the fallback, or waits for
   * midnight in the zone of the messages. Counted over restarts where alerting has a store. @defaultValue no limit
   */
  readonly dailyBudget?: number;
}

/** What is particular to a provider: one message to one number. */
export interface SmsProvider extends Omit<Service, 'compose' | 'limit'> {
  readonly compose: (
    notification: Notification,
    phoneNumber: string,
    nowMs: number,
  ) => ServiceRequest | Outcome;
}

const MAX_NUMBERS = 100;
const DAY_MINUTES = 1440;

/**
 * One message to each number, so that a number that is full or wrong keeps nothing from the others. Repetitions go
 * to those that are missing.
 *
 * @throws {@link ConfigError} for no number, more than 100, or a budget that is none.
 */
export function smsChannel(options: SmsOptions, provider: SmsProvider): Channel {
  const { phoneNumbers, dailyBudget = Number.POSITIVE_INFINITY, clock = systemClock } = options;
  const { name = provider.name } = options;
  check(options, name);
  const recipients = phoneNumbers.map((phoneNumber, index) => ({
    key: `recipient-${index + 1}`,
    channel: httpChannel(options, {
      ...provider,
      compose: (notification, nowMs) => provider.compose(notification, phoneNumber, nowMs),
    }),
  }));
  const [first] = recipients;
  let spent = { day: '', count: 0 };

  return {
    name,
    resolved: options.resolved ?? 'notify',
    memory: {
      recall: () => spent,
      restore(remembered) {
        const { day, count } = remembered as Partial<typeof spent>;
        if (typeof day === 'string' && typeof count === 'number') spent = { day, count };
      },
    },
    async send(notification, signal) {
      const wanted = recipients.filter(({ key }) => notification.recipients?.includes(key) ?? true);
      const { day, minute, hour } = dayOf(clock.now(), notification.timeZone);
      const before = spent.day === day ? spent.count : 0;
      if (before + wanted.length > dailyBudget) {
        const untilMs = clock.now() + (DAY_MINUTES - hour * 60 - minute) * 60_000;
        return {
          status: 'throttled',
          detail: `the budget of ${dailyBudget} messages a day is spent`,
          untilMs,
        };
      }
      spent = { day, count: before + wanted.length };
      const outcomes = await Promise.all(
        wanted.map(async ({ key, channel }) => ({ key, outcome: await channel.send(notification, signal) })),
      );
      return together(outcomes);
    },
    async verify(mode, signal) {
      // The first number alone: a test must not wake everybody.
      return (await first?.channel.verify?.(mode, signal)) ?? { mode, ok: false, detail: 'no phone number' };
    },
  };
}

/** One outcome of those of single numbers. */
function together(outcomes: readonly { readonly key: string; readonly outcome: Outcome }[]): Outcome {
  const [first, ...rest] = outcomes.map(({ outcome }) => outcome);
  if (first === undefined) return { status: 'sent' };
  if (rest.every(({ status }) => status === first.status)) return first;
  const ok = outcomes.filter(({ outcome }) => outcome.status === 'sent').map(({ key }) => key);
  const failed = outcomes.filter(({ outcome }) => outcome.status !== 'sent');
  const reasons = new Set(failed.map(({ outcome }) => reasonOf(outcome)));
  const detail = `${ok.length} of ${outcomes.length} numbers reached: ${[...reasons].join('; ')}`;
  return { status: 'partial', ok, failed: failed.map(({ key }) => key), detail };
}

function reasonOf(outcome: Outcome): string {
  if (outcome.status === 'sent') return 'sent';
  return outcome.status === 'misconfigured' ? outcome.hint : outcome.detail;
}

function dayOf(timeMs: number, timeZone: string): { day: string; hour: number; minute: number } {
  const { year, month, day, hour, minute } = zonedTime(timeMs, timeZone);
  return { day: `${year}-${month}-${day}`, hour, minute };
}

function check({ phoneNumbers, dailyBudget }: SmsOptions, name: string): void {
  const count = phoneNumbers.length;
  const isBudget = dailyBudget === undefined || (Number.isInteger(dailyBudget) && dailyBudget >= count);
  if (count >= 1 && count <= MAX_NUMBERS && isBudget) return;
  const [path, problem] = isBudget
    ? ['phoneNumbers', `expected 1 to ${MAX_NUMBERS} phone numbers, got ${count}`]
    : ['dailyBudget', `expected at least one message for each of the ${count} numbers, got ${dailyBudget}`];
  throw new ConfigError(`channel ${name}`, [{ code: 'out-of-range', path, problem }]);
}

/**
 * Refuses options that are empty texts.
 *
 * @throws {@link ConfigError} with the name of the first.
 */
export function checkTexts(texts: Readonly<Record<string, string>>, name: string): void {
  const empty = Object.keys(texts).find((key) => texts[key]?.trim() === '');
  if (empty === undefined) return;
  throw new ConfigError(`channel ${name}`, [
    { code: 'out-of-range', path: empty, problem: 'must not be empty' },
  ]);
}
