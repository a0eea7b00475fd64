import { describe, expect, it } from 'vitest';
import { pixelCount } from '../src/images/image-set.ts';
import { BodyError } from '../src/server/body-error.ts';
import { parseImage } from '../src/server/parse-image.ts';
import { parseLabels } from '../src/server/parse-labels.ts';

const image = Uint8Array.from({ length: pixelCount }, (_, index) => index % 256);
const base64 = Buffer.from(image).toString('base64');
const allowed = '784 whole numbers from 0 to 255, or base64 of 784 bytes';

describe('parseImage', () => {
  it('reads pixels as base64', () => {
    const { id, pixels } = parseImage({ id: 'a', pixels: base64 });
    expect(id).toBe('a');
    expect([...pixels]).toEqual([...image]);
  });

  it('reads pixels as a list, and needs no id', () => {
    expect(parseImage({ pixels: [...image] })).toEqual({ pixels: image });
  });

  it.for([
    // what the client reads, and for which body
    ['body: got nothing, expected a JSON object', undefined], // no body parser, or another content type
    ['body: got null, expected a JSON object', null],
    ['body: got "hello", expected a JSON object', 'hello'],
    ['body: got a list of 2, expected a JSON object', [1, 2]],
    [`pixels: got nothing, expected ${allowed}`, {}],
    [`pixels: got 7, expected ${allowed}`, { pixels: 7 }],
    [`pixels: got an object, expected ${allowed}`, { pixels: { data: [] } }],
    [`pixels: got a list of 3, expected ${allowed}`, { pixels: [1, 2, 3] }],
    [`pixels: got base64 of 0 bytes, expected ${allowed}`, { pixels: '' }],
    [`pixels: got base64 of 781 bytes, expected ${allowed}`, { pixels: base64.slice(4) }],
    [`pixels: got a text that is not base64`, { pixels: `data:image/png;base64,${base64}` }], // a lenient decoder would shift it
    ['pixels[783]: got 256, expected a whole number from 0 to 255', { pixels: [...image.slice(1), 256] }],
    ['pixels[0]: got -1, expected', { pixels: [-1, ...image.slice(1)] }],
    ['pixels[0]: got "7", expected', { pixels: ['7', ...image.slice(1)] }],
    ['pixels[0]: got null, expected', { pixels: [null, ...image.slice(1)] }],
    [
      'pixels[0]: got 0.5, expected a whole number from 0 to 255 (bright',
      { pixels: [0.5, ...image.slice(1)] },
    ], // the usual mistake has its remedy
    ['id: got 7, expected a text of 1 to 128 characters', { id: 7, pixels: base64 }],
    ['id: got "", expected a text', { id: '', pixels: base64 }],
    ['id: got a text of 129 characters, expected', { id: 'x'.repeat(129), pixels: base64 }], // kept in memory: bounded
  ] as const)('says %s', ([message, body]) => {
    expect(() => parseImage(body)).toThrow(BodyError);
    expect(() => parseImage(body)).toThrow(message);
  });
});

describe('parseLabels', () => {
  it('reads digits as numbers and as texts', () => {
    const labels = [
      { id: 'a', actual: 7 },
      { id: 'b', actual: '0' },
    ];
    expect(parseLabels({ labels })).toEqual([
      { id: 'a', actual: '7' },
      { id: 'b', actual: '0' },
    ]);
  });

  it('takes an empty batch', () => {
    expect(parseLabels({ labels: [] })).toEqual([]);
  });

  it.for([
    ['body: got nothing, expected { "labels"', undefined],
    ['body: got a list of 0, expected { "labels"', []], // the list must have its name
    ['labels: got nothing, expected', {}],
    ['labels: got an object, expected', { labels: {} }],
    ['labels: got a list of 1001, expected', { labels: Array.from({ length: 1001 }) }],
    ['labels[0]: got 7, expected { "id"', { labels: [7] }],
    ['labels[1].id: got nothing, expected a text', { labels: [{ id: 'a', actual: 1 }, { actual: 2 }] }],
    ['labels[0].actual: got nothing, expected a digit from 0 to 9', { labels: [{ id: 'a' }] }], // absent is not zero
    ['labels[0].actual: got null, expected a digit', { labels: [{ id: 'a', actual: null }] }],
    ['labels[0].actual: got 10, expected a digit', { labels: [{ id: 'a', actual: 10 }] }],
    ['labels[0].actual: got 1.5, expected a digit', { labels: [{ id: 'a', actual: 1.5 }] }],
    ['labels[0].actual: got "seven", expected a digit', { labels: [{ id: 'a', actual: 'seven' }] }],
    ['labels[0].actual: got "__proto__", expected a digit', { labels: [{ id: 'a', actual: '__proto__' }] }],
  ] as const)('says %s', ([message, body]) => {
    expect(() => parseLabels(body)).toThrow(BodyError);
    expect(() => parseLabels(body)).toThrow(message);
  });

  it('answers with status 400 and a message that may be shown', () => {
    const error = new BodyError('pixels', 'nothing', 'something');
    expect(error).toMatchObject({
      status: 400,
      expose: true,
      message: 'pixels: got nothing, expected something',
    });
  });
});
