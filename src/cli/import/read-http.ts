// Reading another system through its API.

import { patientFetch, Unreachable } from '../../client/patient-fetch.ts';

/** Where another system's API is, and the headers that open it. */
export interface Source {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Lists of a large system take long to be told. */
const TIMEOUT_MS = 60_000;
/** More pages than any system has of anything: an API that never comes to an end is not read for ever. */
const PAGES_MAX = 100_000;

/** Answers what the source says to a GET. Throws Unreachable where it says no, or nothing. */
export async function read(
  { url, headers }: Source,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const search = new URLSearchParams(query).toString();
  const request = new Request(`${url}${path}${search === '' ? '' : `?${search}`}`, { headers });
  const response = await patientFetch(request, { timeoutMs: TIMEOUT_MS });
  if (!response.ok) {
    throw new Unreachable(
      `Reading ${url}${path} of the other system: it answered ${response.status}`,
    );
  }
  return parsed(await response.text());
}

/** All rows of a list that is told in pages: `rowsIn` finds those of one, and how many pages there are. */
export async function readPages<Row>(
  source: Source,
  path: string,
  query: Readonly<Record<string, string>>,
  rowsIn: (answer: unknown) => { readonly rows: readonly Row[]; readonly pages: number },
): Promise<Row[]> {
  const all: Row[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const { rows, pages } = rowsIn(await read(source, path, { ...query, page: String(page) }));
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
    return undefined;
  }
}
