import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseImage, type ImageRequest } from '../src/server/parse-image.ts';
import { parseLabels, type TrueLabel } from '../src/server/parse-labels.ts';

/** A service that takes down what it is asked, on a real socket. */
export interface DigitsService extends AsyncDisposable {
  readonly url: string;
  readonly images: ImageRequest[];
  /** One entry a batch. */
  readonly labels: (readonly TrueLabel[])[];
  /** TCP connections that were opened. */
  readonly connections: number;
}

export type Answer = (request: ImageRequest, response: ServerResponse) => void;

export async function digitsService(answer: Answer = answerZero): Promise<DigitsService> {
  const images: ImageRequest[] = [];
  const labels: (readonly TrueLabel[])[] = [];
  let connections = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body: unknown = JSON.parse(await text(request));
    if (request.url === '/labels') {
      labels.push(parseLabels(body));
      response.writeHead(204).end();
      return;
    }
    const image = parseImage(body);
    images.push(image);
    answer(image, response);
  };
  const server = createServer((request, response) => void handle(request, response));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    images,
    labels,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

function answerZero(_request: ImageRequest, response: ServerResponse): void {
  response.end('{"label":"0","confidence":1}');
}
