import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A world of alerts that go on only when they were told of, and the receiver that judges what arrives. */
export interface Judge extends AsyncDisposable {
  readonly origin: string;
  /** Changes of alerts that were told. */
  told(): number;
  /** Messages about a change that was told before. */
  repeated(): number;
  /** Answers that were no success: 503, or a dropped connection. */
  refused(): number;
  /** Alerts whose last change was not told yet. */
  untold(): readonly string[];
  /** Called at each accepted message, before it is answered. */
  onTold: () => Promise<void> | void;
}

interface WireAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: { readonly id: string };
  readonly startsAt: string;
}

/** The life of one alert: it burns until its firing is told, then rests until its recovery is told. */
interface WorldAlert {
  burns: boolean;
  startsAt: string | undefined;
  readonly seen: Set<string>;
}

/**
 * Answers 10 % of all messages with 503 and drops 5 % of the connections, half of these after it took the message.
 *
 * @param changes - After so many the world stands still.
 */
export async function startJudge(alerts: number, changes: number, random: () => number): Promise<Judge> {
  const world = new Map<string, WorldAlert>(
    Array.from({ length: alerts }, (_, id) => [
      String(id),
      { burns: true, startsAt: undefined, seen: new Set() },
    ]),
  );
  let [told, repeated, refused] = [0, 0, 0];
  let begun = alerts;

  function take({ status, labels, startsAt }: WireAlert): void {
    const alert = world.get(labels.id);
    if (alert === undefined) return;
    const change = `${status} ${startsAt}`;
    const isNew = !alert.seen.has(change);
    alert.seen.add(change);
    const isAwaited =
      status === 'firing'
        ? alert.burns && alert.startsAt === undefined
        : !alert.burns && alert.startsAt === startsAt;
    if (!isNew || !isAwaited) {
      repeated++;
      return;
    }
    told++;
    const goesOn = begun < changes;
    if (goesOn) begun++;
    if (status === 'firing') {
      alert.startsAt = startsAt;
      // Without a further change it burns on, and all of it is told.
      if (goesOn) alert.burns = false;
    } else {
      alert.startsAt = undefined;
      if (goesOn) alert.burns = true;
    }
  }

  const judge: Judge = {
    origin: '',
    told: () => told,
    repeated: () => repeated,
    refused: () => refused,
    untold: () =>
      [...world].flatMap(([id, { burns, startsAt }]) =>
        told < changes && burns === (startsAt === undefined) ? [id] : [],
      ),
    onTold: () => {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (request.url === '/burning') {
      response.end(JSON.stringify([...world].flatMap(([id, { burns }]) => (burns ? [id] : []))));
      return;
    }
    const draw = random();
    if (draw < 0.1) {
      refused++;
      response.writeHead(503).end();
      return;
    }
    if (draw < 0.125) {
      refused++;
      request.socket.destroy();
      return;
    }
    const { alerts: sent } = JSON.parse(Buffer.concat(chunks).toString()) as { alerts: WireAlert[] };
    for (const alert of sent) take(alert);
    await judge.onTold();
    if (draw < 0.15) {
      refused++;
      request.socket.destroy();
    } else response.end('{}');
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(judge, { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
