// The management door over given stores, behind a server of its own.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { Queue } from 'bullmq';
import { pino } from 'pino';
import { createApi } from '../../src/api/server.ts';
import { createQuartermasterClient } from '../../src/client/client.ts';
import type { QuartermasterClient } from '../../src/client/client.ts';
import type { RevealSettings } from '../../src/config/environment.ts';
import { Secret } from '../../src/config/secret.ts';
import type { RevealGuesses } from '../../src/core/keys/reveal-guesses.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createAddressOf } from '../../src/proxy/address.ts';
import { complaintAboutAnswer } from './documented.ts';

export const ADMIN_KEY = 'sk-admin-0123456789abcdef';
const BODY_MAX_BYTES = 64 * 1024;

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests read answers as clients do, by the names that are documented.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}
export type HeadersGiven = Readonly<Record<string, string>>;

export interface Management {
  readonly url: string;
  /** Everything that was logged, as text. */
  logged(): string;
  /**
   * Sends a request with the admin key; a body that is text goes as it is. Throws where the answer differs from
   * its documentation.
   */
  ask(method: string, path: string, body?: unknown, headers?: HeadersGiven): Promise<Told>;
  /** The typed client, with the admin key; its answers are held against their documentation, too. */
  readonly client: QuartermasterClient;
  /** Sends a request as a stranger. */
  askBare(method: string, path: string, headers?: HeadersGiven): Promise<Told>;
  /** Sends a form, as a page does. */
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Told>;
  health: { ok: boolean };
  close(): Promise<void>;
}

/** Lets the door listen on a free port. */
export async function openManagement(
  stores: Stores,
  more: {
    readonly reveal?: { readonly settings: RevealSettings; readonly guesses: RevealGuesses };
    readonly openQueue?: () => Promise<Queue>;
  } = {},
): Promise<Management> {
  let logged = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  const health = { ok: true };
  const server = createServer((request, response) => api.handler(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = await createApi({
    stores,
    adminKey: new Secret(ADMIN_KEY),
    addressOf: createAddressOf([]),
    publicUrl: url,
    log: pino({ level: 'trace' }, sink),
    health: {
      ready: async () => ({
        ok: health.ok,
        parts: { records: 'up', gate: health.ok ? 'up' : 'down' },
      }),
    },
    bodyMaxBytes: BODY_MAX_BYTES,
    ...more,
  });
  const read = async (method: string, path: string, response: Response): Promise<Told> => {
    const text = await response.text();
    const isJson = /^application\/json\b(?!l)/.test(response.headers.get('content-type') ?? '');
    const json: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
    const told = { status: response.status, headers: response.headers, text, json };
    const complaint = complaintAboutAnswer(method, path, told);
    if (complaint !== undefined) {
      throw new Error(`Not as it is documented: ${complaint}`);
    }
    return told;
  };
  const send = async (method: string, path: string, init: RequestInit): Promise<Told> =>
    read(method, path, await fetch(url + path, { method, redirect: 'manual', ...init }));
  const fetchDocumented = async (request: Request): Promise<Response> => {
    const response = await fetch(request);
    const { pathname, search } = new URL(request.url);
    await read(request.method, pathname + search, response.clone());
    return response;
  };
  return {
    url,
    client: createQuartermasterClient({
      url,
      key: ADMIN_KEY,
      patience: { fetch: fetchDocumented },
    }),
    health,
    logged: () => logged,
    ask: async (method, path, body, headers = {}) =>
      send(method, path, {
        headers: {
          authorization: `Bearer ${ADMIN_KEY}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    askBare: async (method, path, headers = {}) => send(method, path, { headers }),
    submit: async (path, fields) => send('POST', path, { body: new URLSearchParams(fields) }),
    async close() {
      await api.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
