import { readFile, writeFile } from 'node:fs/promises';
import { digitClasses, pixelCount } from '../images/image-set.ts';
import { emptyNetwork, type Network } from './network.ts';

// A header of two 32-bit numbers, then the layers in this order; everything little-endian.
const magic = 0x3154_4944; // 'DIT1'
const headerBytes = 8;
const layers = ['inputWeights', 'hiddenBiases', 'outputWeights', 'outputBiases'] as const;

/** The network as bytes: about 150 kB for 48 hidden units. */
export function serializeNetwork(network: Network): Uint8Array {
  const bytes = new Uint8Array(byteLength(network.hidden));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  view.setUint32(4, network.hidden, true);
  let offset = headerBytes;
  for (const layer of layers) {
    for (const weight of network[layer]) {
      view.setFloat32(offset, weight, true);
      offset += 4;
    }
  }
  return bytes;
}

/**
 * The network that {@link serializeNetwork} wrote, bit for bit.
 *
 * @throws Error when the bytes are something else or were cut.
 */
export function deserializeNetwork(bytes: Uint8Array): Network {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes || view.getUint32(0, true) !== magic) {
    throw new Error(
      `not a digits network: ${bytes.length} bytes without the expected header; train it again`,
    );
  }
  const hidden = view.getUint32(4, true);
  if (bytes.length !== byteLength(hidden)) {
    throw new Error(
      `digits network cut or damaged: ${bytes.length} bytes, expected ${byteLength(hidden)} for ${hidden} hidden units; train it again`,
    );
  }
  const network = emptyNetwork(hidden);
  let offset = headerBytes;
  for (const layer of layers) {
    const weights = network[layer];
    for (let i = 0; i < weights.length; i++) {
      weights[i] = view.getFloat32(offset, true);
      offset += 4;
    }
  }
  return network;
}

/** Writes the network where worker processes can read it instead of training again. */
export async function saveNetwork(path: string, network: Network): Promise<void> {
  await writeFile(path, serializeNetwork(network));
}

/** @throws Error when the file cannot be read or is not a network. */
export async function loadNetwork(path: string): Promise<Network> {
  return deserializeNetwork(await readFile(path));
}

function byteLength(hidden: number): number {
  const classes = digitClasses.length;
  return headerBytes + 4 * (pixelCount * hidden + hidden + hidden * classes + classes);
}
