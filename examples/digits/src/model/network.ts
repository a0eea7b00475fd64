import { digitClasses, pixelCount } from '../images/image-set.ts';

/** Weights of a network with one hidden layer of rectified units. */
export interface Network {
  /** Units in the hidden layer. */
  readonly hidden: number;
  /** 784 × hidden, pixel by pixel. */
  readonly inputWeights: Float32Array;
  /** hidden */
  readonly hiddenBiases: Float32Array;
  /** hidden × 10, unit by unit. */
  readonly outputWeights: Float32Array;
  /** 10 */
  readonly outputBiases: Float32Array;
}

/** Buffers of one forward pass, reused so that classifying allocates nothing. */
export interface Activations {
  readonly hidden: Float32Array;
  /** After {@link forward}: the probability of each class, adding up to 1. */
  readonly scores: Float32Array;
}

/** A network of zeros. */
export function emptyNetwork(hidden: number): Network {
  return {
    hidden,
    inputWeights: new Float32Array(pixelCount * hidden),
    hiddenBiases: new Float32Array(hidden),
    outputWeights: new Float32Array(hidden * digitClasses.length),
    outputBiases: new Float32Array(digitClasses.length),
  };
}

/** Buffers that fit the network. */
export function activationsOf(network: Network): Activations {
  return { hidden: new Float32Array(network.hidden), scores: new Float32Array(digitClasses.length) };
}

/**
 * Fills `activations` for one image.
 *
 * Zeros are multiplied like all other inputs: an image costs the same whatever is on it, as on a GPU.
 *
 * @param input - 784 numbers, 0 (paper) to 1 (ink).
 */
export function forward(network: Network, input: Float32Array, activations: Activations): void {
  const { hidden, scores } = activations;
  const { inputWeights, outputWeights, hidden: units } = network;
  hidden.set(network.hiddenBiases);
  for (let pixel = 0, weight = 0; pixel < input.length; pixel++) {
    const ink = input[pixel]!;
    for (let unit = 0; unit < units; unit++, weight++) hidden[unit]! += ink * inputWeights[weight]!;
  }
  scores.set(network.outputBiases);
  for (let unit = 0, weight = 0; unit < units; unit++) {
    const active = Math.max(0, hidden[unit]!);
    hidden[unit] = active;
    for (let label = 0; label < scores.length; label++, weight++) {
      scores[label]! += active * outputWeights[weight]!;
    }
  }
  softmax(scores);
}

/** Turns logits into probabilities in place; the largest is subtracted first, so nothing overflows. */
function softmax(scores: Float32Array): void {
  const largest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  let total = 0;
  for (let label = 0; label < scores.length; label++) {
    scores[label] = Math.exp(scores[label]! - largest);
    total += scores[label]!;
  }
  for (let label = 0; label < scores.length; label++) scores[label]! /= total;
}
