/**
 * Why and how the product shall end.
 *
 * States: none → orderly → at once. One Ctrl-C arrives up to three times (from the terminal, npm and
 * start.mjs), so what comes within a second of the first is the same wish.
 */
const SAME_WISH_MS = 1_000;

export interface StopWish {
  /** What people read: `Ctrl-C`, `SIGTERM`, or the fault. */
  readonly reason: string;
  readonly fault: Error | null;
}

export interface Wishes {
  /** Resolves with the first wish. */
  readonly first: Promise<StopWish>;
  readonly isStopping: () => boolean;
  readonly ask: (wish: StopWish) => void;
  /** Stops listening to signals. */
  readonly close: () => void;
}

/** Listens to signals and to the end of the process that started us. */
export function listenForWishes(force: () => void): Wishes {
  const { promise, resolve } = Promise.withResolvers<StopWish>();
  let firstAt: number | null = null;
  const ask = (wish: StopWish) => {
    const now = performance.now();
    if (firstAt === null) {
      firstAt = now;
      resolve(wish);
    } else if (wish.fault === null && now - firstAt > SAME_WISH_MS) {
      force();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const heard = (signal: NodeJS.Signals) =>
    ask({ reason: signal === 'SIGINT' ? 'Ctrl-C' : signal, fault: null });
  const orphaned = () => ask({ reason: 'the process that started it ended', fault: null });
  signals.forEach((signal) => process.on(signal, heard));
  process.on('disconnect', orphaned);
  return {
    first: promise,
    isStopping: () => firstAt !== null,
    ask,
    close: () => {
      signals.forEach((signal) => process.off(signal, heard));
      process.off('disconnect', orphaned);
    },
  };
}
