import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  alertmanagerReceiver,
  createAlerting,
  loadAlertmanagerConfig,
  receiversFromConfig,
} from '@tidewatch/alerts';
import {
  ConfigError,
  firstHandler,
  openMetricsHandler,
  toNodeHandler,
  type FetchHandler,
  type Logger,
} from '@tidewatch/core';
import { CommandUsageError, type Call, type CommandHost, type ExitStatus } from './call.ts';
import { readToken } from './read-token.ts';

/**
 * `relay`: takes Alertmanager's webhooks and delivers them through the channels of a file, until it is told to end.
 */
export async function relay(call: Call, host: CommandHost): Promise<ExitStatus> {
  const { files, texts, lang } = call;
  const [file] = files;
  if (file === undefined || files.length > 1) throw new CommandUsageError(texts.oneFile);
  const { hostname, port } = addressOf(call);
  const logger = lineLogger(host);
  try {
    const token = call.tokenFile === undefined ? undefined : readToken(call.tokenFile, call);
    const { route, receivers } = receiversFromConfig(loadAlertmanagerConfig(file));
    await using alerting = await createAlerting({
      rules: [],
      query: async () => [],
      route,
      receivers,
      // An answer of 200 then says that the alerts are on disk.
      store: call.data === undefined ? 'memory' : { dir: call.data },
      locale: lang,
      logger,
    });
    alerting.start();
    const receive = alertmanagerReceiver({
      alerting,
      logger,
      ...(route.receiver === undefined ? {} : { defaultReceiver: route.receiver }),
      ...(token === undefined ? {} : { token }),
    });
    const metrics = openMetricsHandler([alerting.metricProducer], { path: '/metrics' });
    const server = createServer(
      toNodeHandler(firstHandler([receive, metrics, healthy]), { maxBodyBytes: 4_194_304, logger }),
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, hostname, resolve);
    });
    const bound = (server.address() as AddressInfo).port;
    host.stdout(
      texts.listening(
        `http://${hostname.includes(':') ? `[${hostname}]` : hostname}:${bound}/alertmanager`,
        Object.keys(receivers),
      ),
    );
    if (call.data === undefined) host.stderr(texts.inMemory);
    await ended(host.signal);
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      const [issue] = error.issues;
      // Who calls a command has written no option of createAlerting.
      const isFolder = issue?.path === 'store.dir';
      host.stderr(isFolder ? `--data: ${issue?.problem}; ${issue?.remedy}` : error.message);
      return isFolder ? 2 : 1;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    host.stderr(texts.cannotListen(call.listen, code));
    return 2;
  }
}

const healthy: FetchHandler = async (request) =>
  new URL(request.url).pathname === '/-/healthy' ? new Response('healthy\n') : undefined;

function addressOf({ listen, texts }: Call): { hostname: string; port: number } {
  const match = /^(.*):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535)
    throw new CommandUsageError(texts.badOption('--listen', ['HOST:PORT'], listen));
  return { hostname: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1') || '127.0.0.1', port };
}

/** What a person has to know, as lines on stderr. */
function lineLogger({ stderr }: CommandHost): Logger {
  const ignore = (): void => {};
  const write = (fields: object, message: string): void => stderr(`${message} ${JSON.stringify(fields)}`);
  return { debug: ignore, info: ignore, warn: write, error: write };
}

async function ended(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
