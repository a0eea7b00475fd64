import { expect, it } from 'vitest';
import { loopbackRefusal } from './loopback-rule.ts';

it.for([
  // address               headers                                        refused           why the row is here
  ['127.0.0.1', { host: 'localhost:3000' }, undefined],
  ['127.8.8.8', { host: '127.0.0.1:3000' }, undefined], // the whole block is this machine
  ['::1', { host: '[::1]:3000' }, undefined],
  ['::ffff:127.0.0.1', { host: 'LOCALHOST' }, undefined], // IPv4 on a dual-stack socket
  ['127.0.0.1', { host: 'grafana.localhost:80' }, undefined], // browsers resolve it themselves
  ['127.0.0.1', {}, undefined], // HTTP/1.0 by hand: no browser
  [undefined, {}, 'not-loopback'], // the socket is gone: unknown is not local
  ['10.0.0.7', { host: 'localhost' }, 'not-loopback'], // anybody can write a host
  ['::ffff:10.0.0.7', { host: 'localhost' }, 'not-loopback'],
  ['1.127.0.1', {}, 'not-loopback'], // begins otherwise
  [undefined, { host: 'localhost' }, 'not-loopback'], // an adapter that does not tell: unknown is not local
  ['127.0.0.1', { host: 'localhost', 'x-forwarded-for': '10.0.0.7' }, 'not-loopback'], // a proxy here
  ['127.0.0.1', { host: 'localhost', forwarded: 'for=10.0.0.7' }, 'not-loopback'],
  ['127.0.0.1', { host: 'localhost', 'x-real-ip': '10.0.0.7' }, 'not-loopback'],
  ['127.0.0.1', { host: 'rebound.example:3000' }, 'foreign-host'], // a page that points its name here
  ['127.0.0.1', { host: 'localhost.example' }, 'foreign-host'],
  ['127.0.0.1', { host: '127.0.0.1.example' }, 'foreign-host'],
  ['127.0.0.1', { host: '' }, 'foreign-host'],
] as const)('from %s with %j: %s', ([address, headers, refusal]) => {
  expect(loopbackRefusal(address, (name) => (headers as Record<string, string>)[name])).toBe(refusal);
});
