import { digitClasses, imageAt, pixelCount, type ImageSet } from '../images/image-set.ts';
import { moveImage } from '../images/move-image.ts';
import { normal } from '../random/normal.ts';
import { seededRandom, type Random } from '../random/seeded-random.ts';
import { shuffle } from '../random/shuffle.ts';
import { activationsOf, emptyNetwork, forward, type Network } from './network.ts';

export interface TrainOptions {
  /** The same seed and images give the same network. @defaultValue 1 */
  readonly seed?: number;
  /** Units in the hidden layer. @defaultValue 48 */
  readonly hidden?: number;
  /** Times each image is seen, each time moved a little otherwise. @defaultValue 3 */
  readonly epochs?: number;
  /** Images whose gradients are averaged in one step. @defaultValue 16 */
  readonly batchSize?: number;
  /** Step at the start; it falls along a straight line to a tenth. @defaultValue 0.05 */
  readonly learningRate?: number;
  /** Share of the last step that goes on, in [0, 1). @defaultValue 0.9 */
  readonly momentum?: number;
}

const largestShift = 1;
const largestDegrees = 10;

/**
 * Trains a network by stochastic gradient descent with momentum on the cross-entropy.
 *
 * Weights start as in He et al. 2015 (normal, variance 2 ÷ inputs). Every image is shifted by up to one
 * pixel and turned by up to ten degrees before each use, which 8,000 images are too few without.
 */
export function train(
  images: ImageSet,
  {
    seed = 1,
    hidden = 48,
    epochs = 3,
    batchSize = 16,
    learningRate = 0.05,
    momentum = 0.9,
  }: TrainOptions = {},
): Network {
  const random = seededRandom(seed);
  const network = startingNetwork(hidden, random);
  const gradient = emptyNetwork(hidden);
  const velocity = emptyNetwork(hidden);
  const order = Uint16Array.from({ length: images.count }, (_, index) => index);
  const addGradient = gradientOf(network, gradient);
  const input = new Float32Array(pixelCount);
  const steps = epochs * Math.ceil(images.count / batchSize);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.subarray(start, start + batchSize);
      for (const index of batch) {
        moveImage(imageAt(images, index), anyMovement(random), input);
        for (let pixel = 0; pixel < input.length; pixel++) input[pixel]! /= 255;
        addGradient(input, images.labels[index]!);
      }
      const rate = (learningRate * (1 - (0.9 * step) / steps)) / batch.length;
      descend(network, gradient, velocity, rate, momentum);
      step++;
    }
  }
  return network;
}

function startingNetwork(hidden: number, random: Random): Network {
  const network = emptyNetwork(hidden);
  const fill = (weights: Float32Array, inputs: number): void => {
    for (let i = 0; i < weights.length; i++) weights[i] = normal(random) * Math.sqrt(2 / inputs);
  };
  fill(network.inputWeights, pixelCount);
  fill(network.outputWeights, hidden);
  return network;
}

function anyMovement(random: Random): { dx: number; dy: number; degrees: number } {
  const upTo = (largest: number): number => (2 * random() - 1) * largest;
  return { dx: upTo(largestShift), dy: upTo(largestShift), degrees: upTo(largestDegrees) };
}

/** Returns a function that adds one image's gradient of the cross-entropy to `gradient`. */
function gradientOf(network: Network, gradient: Network): (input: Float32Array, label: number) => void {
  const activations = activationsOf(network);
  const { hidden, scores } = activations;
  const hiddenError = new Float32Array(network.hidden);
  const classes = digitClasses.length;
  return (input, label) => {
    forward(network, input, activations);
    // Of softmax with cross-entropy: the error of a logit is its probability, less 1 for the true class.
    scores[label]! -= 1;
    for (let c = 0; c < classes; c++) gradient.outputBiases[c]! += scores[c]!;
    for (let unit = 0; unit < network.hidden; unit++) {
      let error = 0;
      for (let c = 0; c < classes; c++) {
        error += scores[c]! * network.outputWeights[unit * classes + c]!;
        gradient.outputWeights[unit * classes + c]! += hidden[unit]! * scores[c]!;
      }
      hiddenError[unit] = hidden[unit]! > 0 ? error : 0;
      gradient.hiddenBiases[unit]! += hiddenError[unit]!;
    }
    for (let pixel = 0; pixel < input.length; pixel++) {
      const ink = input[pixel]!;
      if (ink === 0) continue; // Four pixels of five are paper and move no weight.
      const row = pixel * network.hidden;
      for (let unit = 0; unit < network.hidden; unit++) {
        gradient.inputWeights[row + unit]! += ink * hiddenError[unit]!;
      }
    }
  };
}

/** One step down the gradient, which is cleared. */
function descend(
  network: Network,
  gradient: Network,
  velocity: Network,
  rate: number,
  momentum: number,
): void {
  for (const layer of ['inputWeights', 'hiddenBiases', 'outputWeights', 'outputBiases'] as const) {
    const weights = network[layer];
    const slope = gradient[layer];
    const speed = velocity[layer];
    for (let i = 0; i < weights.length; i++) {
      const moved = momentum * speed[i]! - rate * slope[i]!;
      speed[i] = moved;
      weights[i]! += moved;
    }
    slope.fill(0);
  }
}
