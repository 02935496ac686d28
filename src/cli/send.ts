import { patientFetch, Unreachable } from '../client/patient-fetch.ts';
import type { CommandSpec, Flag } from './commands.ts';

/** Where the API is, and the key that opens it. */
export interface Server {
  readonly url: string;
  readonly adminKey: string;
}

export interface Told {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly answer: unknown;
  /** Where the next page of a list is, below the server's address. */
  readonly next?: string | undefined;
  /** What is told rises with each change of it. */
  readonly version?: string | undefined;
}

/**
 * Sends a command. Changes carry a key by which the server knows them again, so that trying again does nothing
 * twice. Throws Unreachable.
 */
export async function send(
  server: Server,
  spec: CommandSpec,
  places: readonly string[],
  values: ReadonlyMap<string, unknown>,
): Promise<Told> {
  return sent(server, requestOf(server, spec, places, values));
}

/** One request that is no command's. Throws Unreachable. */
export async function ask(
  server: Server,
  { method, url, body }: { readonly method: string; readonly url: string; readonly body?: unknown },
): Promise<Told> {
  return sent(server, {
    url: `${server.url}${url}`,
    init: {
      method,
      headers: headersOf(server, body !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  });
}

/** As our lists tell it (RFC 8288). */
const NEXT = /^<([^>]+)>; rel="next"/;

async function sent(server: Server, request: { url: string; init: RequestInit }): Promise<Told> {
  const response = await orWhere(server.url, async () =>
    patientFetch(new Request(request.url, request.init)),
  );
  const next = NEXT.exec(response.headers.get('link') ?? '')?.[1];
  const version = /^"(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1];
  return { status: response.status, answer: parsed(await response.text()), next, version };
}

/** The API's description of itself. Throws Unreachable. */
export async function fetchDocument(url: string): Promise<unknown> {
  const response = await orWhere(url, async () => patientFetch(new Request(`${url}/openapi.json`)));
  return parsed(await response.text());
}

/** Where there is no answer, the one who typed may have meant another server. */
async function orWhere(url: string, asked: () => Promise<Response>): Promise<Response> {
  try {
    return await asked();
  } catch (error) {
    throw error instanceof Unreachable
      ? new Unreachable(
          `${error.message}. Is Quartermaster running at ${url}? See --server and --profile`,
          {
            cause: error,
          },
        )
      : error;
  }
}

function headersOf({ adminKey }: Server, hasBody: boolean) {
  return {
    authorization: `Bearer ${adminKey}`,
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
  };
}

function requestOf(
  server: Server,
  spec: CommandSpec,
  places: readonly string[],
  values: ReadonlyMap<string, unknown>,
): { url: string; init: RequestInit } {
  let at = 0;
  const path = spec.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(places[at++] ?? ''));
  const given = (where: Flag['in']) =>
    spec.flags.flatMap(({ name, in: place }) =>
      place === where && values.has(name) ? [[name, values.get(name)] as const] : [],
    );
  const query = new URLSearchParams(
    given('query').map(([name, value]): [string, string] => [name, textOf(value)]),
  );
  const headers = given('header').map(([name, value]) => [name, headerOf(name, textOf(value))]);
  const [[, whole] = []] = given('whole body');
  const body = whole ?? Object.fromEntries(given('body'));
  const hasBody = spec.flags.some((flag) => flag.in === 'body' || flag.in === 'whole body');
  return {
    url: `${server.url}${path}${query.size > 0 ? `?${query.toString()}` : ''}`,
    init: {
      method: spec.method,
      headers: { ...Object.fromEntries(headers), ...headersOf(server, hasBody) },
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A version as it is told here is typed without the quotes that it has in HTTP. */
function headerOf(name: string, text: string): string {
  return name === 'If-Match' && /^\d+$/.test(text) ? `"${text}"` : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
