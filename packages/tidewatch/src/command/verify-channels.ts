import {
  loadAlertmanagerConfig,
  receiversFromConfig,
  verifyChannel,
  type Verification,
} from '@tidewatch/alerts';
import { ConfigError } from '@tidewatch/core';
import { CommandUsageError, type Call, type CommandHost, type ExitStatus } from './call.ts';

/** What was found of one channel, by the place where it stands. */
interface VerifiedChannel extends Verification {
  readonly file: string;
  readonly receiver: string;
  readonly channel: string;
}

/** How long one step of a verification may take. */
const STEP_TIMEOUT_MS = 30_000;

/** `alerts verify`: renders a message of every channel and talks to its service; with `--send`, a test message goes out. */
export async function verifyChannels(
  { files, send, json, lang, texts }: Call,
  host: CommandHost,
): Promise<ExitStatus> {
  if (files.length === 0) throw new CommandUsageError(texts.noFile);
  const found: VerifiedChannel[] = [];
  for (const file of files) {
    try {
      found.push(...(await verifyFile(file, send, lang)));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      host.stderr(error.source === file ? error.message : `${file}: ${error.message}`);
      return 1;
    }
  }
  if (json) host.stdout(JSON.stringify(found));
  else for (const one of found) (one.ok ? host.stdout : host.stderr)(lineOf(one, texts.verified));
  return found.every(({ ok }) => ok) ? 0 : 1;
}

async function verifyFile(file: string, send: boolean, locale: Call['lang']): Promise<VerifiedChannel[]> {
  const { receivers } = receiversFromConfig(loadAlertmanagerConfig(file));
  const modes = ['static', 'handshake', ...(send ? (['send'] as const) : [])] as const;
  const found: VerifiedChannel[] = [];
  for (const [receiver, channels] of Object.entries(receivers)) {
    for (const channel of channels) {
      for (const mode of modes) {
        const signal = AbortSignal.timeout(STEP_TIMEOUT_MS);
        const result = await verifyChannel(channel, mode, signal, { locale, timeZone: zoneOfProcess() });
        found.push({ file, receiver, channel: channel.name, ...result });
        if (!result.ok) break;
      }
      await channel.close?.();
    }
  }
  return found;
}

function zoneOfProcess(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function lineOf(
  { receiver, channel, mode, ok, detail }: VerifiedChannel,
  words: Readonly<Record<Verification['mode'], string>>,
): string {
  return `${ok ? '✔' : '✘'} ${receiver} / ${channel}: ${words[mode]}: ${detail}`;
}
