import { isRefusal } from './refusals.ts';
import type { Refusal } from './refusals.ts';

/** Does the same for each, one after the other, until one is refused. Inside of one change a refusal undoes them all. */
export async function inTurn<Item, Done>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Done | Refusal>,
): Promise<Done[] | Refusal> {
  const done: Done[] = [];
  for (const item of items) {
    const one = await work(item);
    if (isRefusal(one)) {
      return one;
    }
    done.push(one);
  }
  return done;
}
