// Reading another system through its API.

import { patientFetch, Unreachable } from '../../client/patient-fetch.ts';

/** Where another system's API is, and the headers that open it. */
export interface Source {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Lists of a large system take long to be told; one that is overloaded says so by any of these. */
const PATIENCE = { timeoutMs: 60_000, triesMax: 5, later: new Set([429, 500, 502, 503, 504]) };
/** More pages than any system has of anything: an API that never comes to an end is not read for ever. */
const PAGES_MAX = 100_000;

/** Answers what the source says to a GET. Throws Unreachable where it says no, or nothing. */
export async function read(
  { url, headers }: Source,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const search = new URLSearchParams(query).toString();
  const address = `${url}${path}${search === '' ? '' : `?${search}`}`;
  const response = await patientFetch(new Request(address, { headers }), PATIENCE);
  if (!response.ok) {
    throw new Refused(
      `Reading ${url}${path} of the other system: it answered ${response.status}`,
      response.status,
    );
  }
  return parsed(await response.text());
}

/** The same, of what not every system tells: undefined where it answers with one of these. */
export async function readUnless(
  statuses: readonly number[],
  ...asked: Parameters<typeof read>
): Promise<unknown> {
  try {
    return await read(...asked);
  } catch (error) {
    if (error instanceof Refused && statuses.includes(error.status)) {
      return undefined;
    }
    throw error;
  }
}

/** The other system said no. */
class Refused extends Unreachable {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * All rows of a list that is told in pages: `rowsIn` finds those of one, and how many pages there are. None where it
 * answers with one of `unless`.
 */
export async function readPages<Row>(
  source: Source,
  path: string,
  query: Readonly<Record<string, string>>,
  rowsIn: (answer: unknown) => { readonly rows: readonly Row[]; readonly pages: number },
  unless: readonly number[] = [],
): Promise<Row[]> {
  const all: Row[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const answer = await readUnless(unless, source, path, { ...query, page: String(page) });
    if (answer === undefined) {
      return all;
    }
    const { rows, pages } = rowsIn(answer);
    all.push(...rows);
    if (page >= pages) {
      return all;
    }
  }
  throw new Unreachable(`Reading ${source.url}${path}: it has more than ${PAGES_MAX} pages`);
}

/** What is no JSON has no shape, and is told so by who looks for one. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
