import { performance } from 'node:perf_hooks';
import { loadImages } from '../images/load-images.ts';
import { splitImages } from '../images/split-images.ts';
import { accuracy } from '../model/accuracy.ts';
import { createClassifier } from '../model/classify.ts';
import { saveNetwork } from '../model/network-file.ts';
import { train } from '../model/train.ts';

export interface Training {
  /** On the 2,000 images that training never saw, at one look each; 0 to 1. */
  readonly testAccuracy: number;
  readonly seconds: number;
}

/** Trains on 8,000 of the 10,000 images, tests on the rest, and leaves the network where workers find it. */
export async function trainDigits(networkFile: string): Promise<Training> {
  const startMs = performance.now();
  const images = splitImages(await loadImages());
  const network = train(images.train);
  await saveNetwork(networkFile, network);
  const testAccuracy = accuracy(createClassifier(network, { shifts: [0], turns: [0] }), images.test);
  if (testAccuracy === undefined) throw new Error('there are no test images; reinstall the package mnist');
  return { testAccuracy, seconds: (performance.now() - startMs) / 1000 };
}
