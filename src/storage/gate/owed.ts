// What a proxy settled and the records do not have yet. When Redis forgets (restart, failover), the
// proxy hands these in again; the gate and the records bear hearing of each any number of times.

import type { Settlement } from '../../core/gateway/gate.ts';

/** About 100 MB at the most; only a drain that stood still for long gets there. */
export const OWED_MAX = 200_000;

export interface Owed {
  /** Notes a settlement before it is sent. */
  note(settlement: Settlement): void;
  /** The gate has them; their batch reached this stream position, '' if all were known before. */
  handedIn(settlements: readonly Settlement[], position: string): void;
  /** Everything up to this position stands in the records: forget it. */
  drained(position: string): void;
  /** What the gate never confirmed. */
  unconfirmed(): Settlement[];
  /** All that a gate with no memory must hear again. */
  all(): Settlement[];
  /** How many were forgotten for want of room since the start. */
  dropped(): number;
}

export function createOwed(): Owed {
  const waiting = new Map<string, Settlement>();
  let confirmed: { position: string; settlements: readonly Settlement[] }[] = [];
  let confirmedCount = 0;
  let droppedCount = 0;

  return {
    note(settlement) {
      waiting.set(settlement.reservationId, settlement);
    },
    handedIn(settlements, position) {
      for (const settlement of settlements) {
        waiting.delete(settlement.reservationId);
      }
      if (position === '') {
        return;
      }
      confirmed.push({ position, settlements });
      confirmedCount += settlements.length;
      while (confirmedCount > OWED_MAX) {
        const oldest = confirmed.shift()?.settlements.length ?? 0;
        confirmedCount -= oldest;
        droppedCount += oldest;
      }
    },
    drained(position) {
      const left = confirmed.findIndex((batch) => isAfter(batch.position, position));
      const gone = left === -1 ? confirmed.length : left;
      for (const batch of confirmed.slice(0, gone)) {
        confirmedCount -= batch.settlements.length;
      }
      confirmed = gone === 0 ? confirmed : confirmed.slice(gone);
    },
    unconfirmed: () => [...waiting.values()],
    all: () => [...confirmed.flatMap((batch) => batch.settlements), ...waiting.values()],
    dropped: () => droppedCount,
  };
}

/** Compares stream positions (`<ms>-<number>`). */
export function isAfter(position: string, other: string): boolean {
  const [ms = 0, number = 0] = position.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}
