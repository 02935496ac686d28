// Lists have no end: each page knows where it begins, by the last row of the page before it. So nothing is shown
// twice or left out while rows are added. Turning a page is running its command again, from another place on.

import type { Call } from './call.ts';

/** Where a page begins: the last rows of the pages before it, its own predecessor last; empty for the first. */
export type PagePath = readonly string[];

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly path: PagePath;
  /** The last row, where more come after it. */
  readonly next: string | undefined;
  /** The command that it answers. */
  readonly text: string;
}

type Turned = Pick<Call, 'text' | 'path'>;

interface Reading<Row> {
  readonly size: number;
  /** What comes behind a place, at most `limit`; from the beginning where none is given. */
  readonly read: (after: string | undefined, limit: number) => Promise<readonly Row[]>;
  readonly placeOf: (row: Row) => string;
}

/** The page that a call is at. */
export async function readPage<Row>(
  { text, path = [] }: Turned,
  { size, read, placeOf }: Reading<Row>,
): Promise<Page<Row>> {
  const found = await read(path.at(-1), size + 1);
  const rows = found.slice(0, size);
  const last = rows.at(-1);
  const next = found.length > size && last !== undefined ? placeOf(last) : undefined;
  return { rows, path, next, text };
}

/** The same of rows that are known already, in their order. */
export function pageOf<Row>(
  { text, path = [] }: Turned,
  all: readonly Row[],
  { size, placeOf }: Omit<Reading<Row>, 'read'>,
): Page<Row> {
  const after = path.at(-1);
  const start = after === undefined ? 0 : behind(all, after, placeOf);
  const rows = all.slice(start, start + size);
  const last = rows.at(-1);
  const next = all.length > start + size && last !== undefined ? placeOf(last) : undefined;
  return { rows, path, next, text };
}

/** Behind that row; where it is gone, at the first one that would come after it. */
function behind<Row>(all: readonly Row[], after: string, placeOf: (row: Row) => string): number {
  const exact = all.findIndex((row) => placeOf(row) === after);
  const near = exact === -1 ? all.findIndex((row) => placeOf(row) > after) : exact + 1;
  return near === -1 ? all.length : near;
}

/** Says a page: in place of the one before it, where it was turned. */
export async function tellPage(call: Call, speech: Parameters<Call['reply']>[0]): Promise<void> {
  await call.reply(speech, call.path === undefined ? {} : { replace: true });
}
