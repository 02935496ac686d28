import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
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
}

/** Longer than any change takes; a reader of a terminal has given up by then. */
const TIMEOUT_MS = 30_000;
const TRIES_MAX = 3;
/** Doubles with each try, with jitter. */
const RETRY_FIRST_MS = 300;

/** The server can't be reached, or does not answer. */
export class Unreachable extends Error {
  override name = 'Unreachable';
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
      headers: headersOf(server, method !== 'GET', body !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  });
}

async function sent(server: Server, request: { url: string; init: RequestInit }): Promise<Told> {
  for (let at = 1; ; at += 1) {
    try {
      const response = await fetch(request.url, {
        ...request.init,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (response.status !== 503 || at === TRIES_MAX) {
        return { status: response.status, answer: parsed(await response.text()) };
      }
    } catch (error) {
      if (at === TRIES_MAX) {
        throw new Unreachable(
          `Asking ${server.url}: ${reasonOf(error)}. Is Quartermaster running there? See --url`,
          { cause: error },
        );
      }
    }
    await pause(RETRY_FIRST_MS * 2 ** (at - 1) * (1 + Math.random()));
  }
}

/** The API's description of itself. Throws Unreachable. */
export async function fetchDocument(url: string): Promise<unknown> {
  try {
    const response = await fetch(`${url}/openapi.json`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.json();
  } catch (error) {
    throw new Unreachable(
      `Asking ${url} what it can do: ${reasonOf(error)}. Is Quartermaster running there? See --url`,
      { cause: error },
    );
  }
}

function headersOf({ adminKey }: Server, isChange: boolean, hasBody: boolean) {
  return {
    authorization: `Bearer ${adminKey}`,
    ...(isChange ? { 'idempotency-key': randomUUID() } : {}),
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
  const isChange = spec.method !== 'GET';
  const hasBody = spec.flags.some((flag) => flag.in === 'body');
  return {
    url: `${server.url}${path}${query.size > 0 ? `?${query.toString()}` : ''}`,
    init: {
      method: spec.method,
      headers: headersOf(server, isChange, hasBody),
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

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
