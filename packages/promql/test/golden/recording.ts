import { readFile, writeFile } from 'node:fs/promises';
import type { GoldenAnswer } from './golden-answer.ts';

const FILE = new URL('golden-answers.json', import.meta.url);

/** Answers of Prometheus by the name of their request. */
export type Recording = Readonly<Record<string, GoldenAnswer>>;

/** What a real Prometheus 3.5.3 answered when {@link writeRecording} was last called. */
export async function readRecording(): Promise<Recording> {
  return JSON.parse(await readFile(FILE, 'utf8')) as Recording;
}

export async function writeRecording(recording: Recording): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(recording, undefined, 1)}\n`);
}
