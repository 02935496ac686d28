import { patientFetch, Unreachable } from '../client/patient-fetch.ts';
import type { CommandSpec } from './commands.ts';

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
  return { status: response.status, answer: parsed(await response.text()), next };
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
  const query = new URLSearchParams();
  const body: Record<string, unknown> = {};
  for (const flag of spec.flags) {
    const value = values.get(flag.name);
    if (value !== undefined && flag.in === 'query') {
      query.set(flag.name, typeof value === 'string' ? value : JSON.stringify(value));
    } else if (value !== undefined) {
      body[flag.name] = value;
    }
  }
  const hasBody = spec.flags.some((flag) => flag.in === 'body');
  return {
    url: `${server.url}${path}${query.size > 0 ? `?${query.toString()}` : ''}`,
    init: {
      method: spec.method,
      headers: headersOf(server, hasBody),
      ...(hasBody ? { body: JSON.stringify(body) } : {}),
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
