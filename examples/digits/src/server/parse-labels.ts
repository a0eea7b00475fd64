import { digitClasses } from '../images/image-set.ts';
import { BodyError, describeValue } from './body-error.ts';
import { parseId } from './parse-image.ts';

/** The true class of an image that was classified earlier. */
export interface TrueLabel {
  /** The id that the request for it carried. */
  readonly id: string;
  /** One of `digitClasses`. */
  readonly actual: string;
}

const mostLabels = 1000;

/**
 * Reads the body of `POST /labels`: `{ labels: [{ id, actual }] }`, `actual` as 7 or as "7".
 *
 * All or nothing: one wrong label refuses the batch, so that the client can mend it and send it again.
 *
 * @throws {@link BodyError} with the place, what was there and what should be.
 */
export function parseLabels(body: unknown): readonly TrueLabel[] {
  const labels: unknown = isRecord(body) ? body['labels'] : undefined;
  if (!Array.isArray(labels) || labels.length > mostLabels) {
    const got = isRecord(body) ? describeValue(labels) : describeValue(body);
    const place = isRecord(body) ? 'labels' : 'body';
    throw new BodyError(
      place,
      got,
      `{ "labels": [{ "id": "…", "actual": 7 }] }, at most ${mostLabels} labels`,
    );
  }
  return labels.map((label: unknown, index) => {
    const place = `labels[${index}]`;
    if (!isRecord(label)) throw new BodyError(place, describeValue(label), '{ "id": "…", "actual": 7 }');
    return {
      id: parseId(`${place}.id`, label['id']),
      actual: parseDigit(`${place}.actual`, label['actual']),
    };
  });
}

function parseDigit(place: string, actual: unknown): string {
  const name = typeof actual === 'number' ? String(actual) : actual;
  if (typeof name === 'string' && digitClasses.includes(name)) return name;
  throw new BodyError(place, describeValue(actual), 'a digit from 0 to 9');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
