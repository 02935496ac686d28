// What reservations took of meters, as the gate wrote it: "subject,meter,stamp,amount;…" (see meters.lua).

import type { ShardKeys } from './shards.ts';

/** Stands where nothing was taken: the scripts' words are never empty. */
export const NOTHING_TAKEN = '-';

/**
 * The records whose meters were taken: adds their keys to `names`, and answers a line for each with its
 * name and its index, as the scripts count.
 */
export function placeSubjects(taken: readonly string[], keys: ShardKeys, names: string[]): string {
  const places = new Map<string, number>();
  for (const text of taken) {
    for (const item of text === '' || text === NOTHING_TAKEN ? [] : text.split(';')) {
      const subject = item.slice(0, item.indexOf(','));
      if (!places.has(subject)) {
        places.set(subject, names.push(keys.named(subject)));
      }
    }
  }
  return [...places].map(([subject, place]) => `${subject} ${place}`).join('\n');
}
