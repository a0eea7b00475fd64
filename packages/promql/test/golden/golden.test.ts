import { beforeAll, describe, expect, it } from 'vitest';
import { openOurs } from './ask-ours.ts';
import { nameOf, type GoldenAnswer } from './golden-answer.ts';
import { differentRequests, goldenRequests, type GoldenRequest } from './golden-requests.ts';
import { readRecording, type Recording } from './recording.ts';

// The recording is of a real Prometheus 3.5.3: see record.ts. That it still answers so is among the integration tests.
let theirs: Recording;
let ask: (request: GoldenRequest) => Promise<GoldenAnswer>;

beforeAll(async () => {
  theirs = await readRecording();
  ask = await openOurs();
});

describe.each(Object.entries(goldenRequests))('%s', (_, requests) => {
  it.each(requests.map((request) => [nameOf(request), request] as const))('%s', async (name, request) => {
    expect(await ask(request)).toEqual(theirs[name]);
  });
});

it('compares 60 requests and more', () => {
  expect(new Set(Object.values(goldenRequests).flat().map(nameOf)).size).toBeGreaterThanOrEqual(250);
});

it.each(differentRequests.map(({ request, why }) => [nameOf(request), why, request] as const))(
  '%s is answered otherwise: %s',
  async (name, _, request) => {
    expect(theirs[name]).toBeDefined();
    expect(await ask(request)).not.toEqual(theirs[name]);
  },
);
