// What a proxy settled and the records do not have yet. When Redis forgets (restart, failover), the
// proxy hands these in again; the gate and the records bear hearing of each any number of times.

/** About 100 MB at the most; only a drain that stood still for long gets there. */
export const OWED_MAX = 200_000;

/** A reservation that is to end, and how (see settle.lua), as it goes over the wire. */
export interface Ending {
  readonly teamId: string;
  readonly reservationId: string;
  readonly manner: 'settle' | 'lapsed' | 'late' | 'discard' | 'reap';
  /** Microcredits, in digits. */
  readonly charge: string;
  /** Microcredits that its reservation held, in digits: the most that it may be charged, whoever forgot it. */
  readonly most: string;
  /** Nano-USD, in digits. */
  readonly cost: string;
  readonly usageTokens: number;
  /** Of meters (see taken.ts); empty for nothing. */
  readonly taken: string;
  readonly event: string;
}

interface Entry {
  readonly ending: Ending;
  /** Where its event stands at the latest; undefined while the gate has not confirmed it. */
  position: string | undefined;
}

export interface Owed {
  /** Notes a settlement before it is sent. */
  note(ending: Ending): void;
  /** The gate has them, at or before this stream position. */
  handedIn(endings: readonly Ending[], position: string): void;
  /** Everything up to this position stands in the records: forget it. */
  drained(position: string): void;
  /** What the gate never confirmed. */
  unconfirmed(): Ending[];
  /** All that a gate with no memory must hear again. */
  all(): Ending[];
}

/** `onForgotten` is told of each that had to be forgotten for want of room. */
export function createOwed(onForgotten: () => void): Owed {
  const entries = new Map<string, Entry>();
  // In the order of their positions; a batch that was handed in again stands in it again, later.
  let batches: { position: string; ids: readonly string[] }[] = [];
  let unconfirmedCount = 0;

  return {
    note(ending) {
      if (!entries.has(ending.reservationId)) {
        unconfirmedCount += 1;
        entries.set(ending.reservationId, { ending, position: undefined });
      }
      const oldest = entries.size > OWED_MAX ? entries.keys().next().value : undefined;
      if (oldest !== undefined) {
        entries.delete(oldest);
        onForgotten();
      }
    },
    handedIn(endings, position) {
      const ids = endings.map((ending) => ending.reservationId);
      for (const id of ids) {
        const entry = entries.get(id);
        if (entry !== undefined) {
          unconfirmedCount -= entry.position === undefined ? 1 : 0;
          entry.position = position;
        }
      }
      batches.push({ position, ids });
    },
    drained(position) {
      const left = batches.findIndex((batch) => isAfter(batch.position, position));
      const gone = left === -1 ? batches.length : left;
      for (const batch of batches.slice(0, gone)) {
        for (const id of batch.ids) {
          if (entries.get(id)?.position === batch.position) {
            entries.delete(id);
          }
        }
      }
      batches = gone === 0 ? batches : batches.slice(gone);
    },
    unconfirmed: () =>
      unconfirmedCount === 0
        ? []
        : [...entries.values()]
            .filter((entry) => entry.position === undefined)
            .map((entry) => entry.ending),
    all: () => [...entries.values()].map((entry) => entry.ending),
  };
}

/** Compares stream positions (`<ms>-<number>`). */
export function isAfter(position: string, other: string): boolean {
  const [ms = 0, number = 0] = position.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}
