import { Agent, get } from 'node:http';

/** Asks over connections that stay open, as a dashboard does. */
export class KeepAliveClient {
  readonly #agent = new Agent({ keepAlive: true });

  /** The whole body. @throws an error for anything but 200. */
  read(url: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const request = get(url, { agent: this.#agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          if (response.statusCode === 200) resolve(body);
          else reject(new Error(`${url}: HTTP ${response.statusCode}: ${body.toString().slice(0, 500)}`));
        });
      });
      request.on('error', reject);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
