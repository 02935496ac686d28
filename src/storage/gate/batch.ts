/** The most that one script call carries: keeps a step of Redis well under a millisecond. */
const BATCH_MAX = 64;
/** Calls under way at once; what arrives meanwhile shares the next one, so batches grow with load. */
const CALLS_MAX = 4;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of what is asked within one turn of the event loop. `send` answers in the order of
 * its items; an answer that is an Error throws for its item alone, and when `send` throws, all do.
 */
export function batched<Item, Answer>(
  send: (items: Item[]) => Promise<(Answer | Error)[]>,
): (item: Item) => Promise<Answer> {
  let queue: Waiting<Item, Answer>[] = [];
  let scheduled = false;
  let underWay = 0;

  function flush(): void {
    scheduled = false;
    while (queue.length > 0 && underWay < CALLS_MAX) {
      const batch = queue.slice(0, BATCH_MAX);
      queue = queue.slice(BATCH_MAX);
      underWay += 1;
      void call(batch);
    }
  }

  async function call(batch: Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await send(batch.map((waiting) => waiting.item));
      for (const [at, waiting] of batch.entries()) {
        // `send` promises one answer for each item.
        const answer = answers[at] as Answer | Error;
        if (answer instanceof Error) {
          waiting.reject(answer);
        } else {
          waiting.resolve(answer);
        }
      }
    } catch (error) {
      for (const waiting of batch) {
        waiting.reject(error);
      }
    } finally {
      underWay -= 1;
      if (queue.length > 0) {
        flush();
      }
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (!scheduled) {
        scheduled = true;
        atEndOfTurn(flush);
      }
    });
}

let flushes: (() => void)[] = [];

/** All batches of one turn leave together, so that they share a write to the socket. */
function atEndOfTurn(flush: () => void): void {
  flushes.push(flush);
  if (flushes.length === 1) {
    setImmediate(() => {
      const all = flushes;
      flushes = [];
      for (const one of all) {
        one();
      }
    });
  }
}
