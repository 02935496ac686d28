// How many there are, for lists that are turned page by page.

/** Counting more takes longer than reading a page of them. */
const MANY = 10_000;
/** Nobody decides by such a number, and of so many a few do not matter. */
const REMEMBERED_MS = 10_000;
/** Different searches; who asks more is served by counting again. */
const COUNTS_MAX = 200;

/** Answers how many rows fit; exact up to 10,000, beyond it up to ten seconds old. */
export type Counts = (what: string, count: () => Promise<number>) => Promise<number>;

/** @param now milliseconds on a clock that only goes forward */
export function createCounts(now: () => number = () => performance.now()): Counts {
  const remembered = new Map<string, { readonly count: number; readonly untilMs: number }>();
  return async (what, count) => {
    const known = remembered.get(what);
    if (known !== undefined && now() < known.untilMs) {
      return known.count;
    }
    const counted = await count();
    remembered.delete(what);
    if (counted > MANY) {
      const [oldest] = remembered.keys();
      if (remembered.size >= COUNTS_MAX && oldest !== undefined) {
        remembered.delete(oldest);
      }
      remembered.set(what, { count: counted, untilMs: now() + REMEMBERED_MS });
    }
    return counted;
  };
}
