// The embedded store of the folder argv[2], served over HTTP until the parent closes the channel. Says its port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi, createEngine, createStore, toNodeHandler } from '@tidewatch/promql';

const store = await createStore({ dataDir: process.argv[2] as string });
const engine = createEngine({ store });
const server = createServer(toNodeHandler(createApi({ engine, store })));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => {
  server.closeAllConnections();
  server.close();
  void store.close();
});
