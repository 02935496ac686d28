/** Postgres' connections are for others, too. */
const AT_ONCE = 8;

/** Does the same for each, a few at a time, in their order. */
export async function inBatches<Given, Got>(
  items: readonly Given[],
  work: (item: Given) => Promise<Got>,
): Promise<Got[]> {
  const done: Got[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}
