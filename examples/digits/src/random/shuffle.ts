import type { Random } from './seeded-random.ts';

/** Shuffles the array in place (Fisher and Yates); every order is equally likely. */
export function shuffle(items: Uint16Array, random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const moved = items[last]!;
    items[last] = items[other]!;
    items[other] = moved;
  }
}
