// Every route that changes something, asked as its example is: under an Idempotency-Key it is done once, and what carries
// a version is not changed by who thought of an older one. A route that is added without an example fails.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATIONS, operationOf } from './documented.ts';
import type { Operation } from './documented.ts';
import { openDoor } from './door.ts';
import type { Door, Told } from './door.ts';
import type { ExampleRequest } from './examples/example-request.ts';
import { fill, proposeTopUps, use } from './examples/fill.ts';
import { LITELLM_EXAMPLES } from './examples/litellm.ts';
import { SAAS_EXAMPLES } from './examples/saas.ts';

/** Some 200 requests, those that change five times; a busy machine takes half a second for each. */
const ALL_TIMEOUT_MS = 300_000;

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly authorization: Readonly<Record<string, string>>;
}

const ask = async (
  { method, url, body, authorization }: Asked,
  headers: Readonly<Record<string, string>>,
): Promise<Told> => door.ask(method, url, body, { ...authorization, ...headers });

test(
  'is done once under an Idempotency-Key, and not at all where If-Match names an older version',
  async () => {
    const kept: Record<string, string> = {};
    const table: Record<string, readonly string[]> = {};
    for (const [at, request] of [...SAAS_EXAMPLES, ...LITELLM_EXAMPLES].entries()) {
      const asked = requestOf(request, kept);
      const operation = operationOf(asked.method, asked.url.split('?')[0] ?? '');
      const isChange = isKept(operation);
      const [told, lines] = isChange
        ? await askedInEveryWay(asked, operation as Operation, `key ${at}`)
        : [await ask(asked, {}), []];
      for (const [name, field] of Object.entries(request[3] ?? {})) {
        kept[name] = (told.json as Readonly<Record<string, string>>)[field] ?? '';
      }
      if (kept['secret'] !== undefined && kept['call'] === undefined) {
        await use(door, kept['secret'], kept);
        await proposeTopUps(door, kept);
      }
      if (isChange) {
        table[nameOf(operation as Operation)] ??= lines;
      }
    }
    const wrong = Object.entries(table).filter(
      ([name, lines]) => lines.join('\n') !== expectedOf(name).join('\n'),
    );
    expect(Object.fromEntries(wrong)).toEqual({});
    const changing = OPERATIONS.filter(isKept).map(nameOf);
    expect(changing.filter((name) => table[name] === undefined)).toEqual([]);
  },
  ALL_TIMEOUT_MS,
);

const ONCE = [
  'first: 200',
  'again: 200, replayed, the same',
  'other body: 422 idempotency_key_reused',
  'in flight: 409 request_in_flight, after 1 s',
];

/** Who changes a password is signed out by it, and asks as a stranger from then on. */
const SIGNED_OUT = [
  'first: 200',
  'again: 401 admin_key_required, done again, another',
  'other body: 401 admin_key_required',
  'in flight: 401 admin_key_required, after null s',
];

function expectedOf(name: string): readonly string[] {
  if (name === 'POST /api/admin-users/me/change-password') {
    return SIGNED_OUT;
  }
  const isVersioned = OPERATIONS.find((each) => nameOf(each) === name)?.route[2].versioned;
  return isVersioned === undefined ? ONCE : ['older version: 412 version_conflict', ...ONCE];
}

/** Asks one request in all ways; answers what it was told when it was done, and a line for each way. */
async function askedInEveryWay(
  asked: Asked,
  operation: Operation,
  key: string,
): Promise<[Told, string[]]> {
  const lines: string[] = [];
  if (operation.route[2].versioned !== undefined) {
    const old = await ask(asked, { 'if-match': '"0"' });
    lines.push(`older version: ${codeOf(old)}`);
  }
  const once = { 'idempotency-key': key };
  const first = await ask(asked, once);
  lines.push(`first: ${codeOf(first)}`);
  const again = await ask(asked, once);
  const isReplayed =
    again.headers.get('idempotent-replayed') === 'true' ? 'replayed' : 'done again';
  const isSame = again.text === first.text ? 'the same' : 'another';
  lines.push(`again: ${codeOf(again)}, ${isReplayed}, ${isSame}`);
  const other = await ask(otherThan(asked, operation), once);
  lines.push(`other body: ${codeOf(other)}`);
  await door.postgres.$executeRaw`
    UPDATE receipts SET answer = '{}' WHERE key LIKE 'answer:%'
      AND created_at = (SELECT max(created_at) FROM receipts WHERE key LIKE 'answer:%')`;
  const early = await ask(asked, once);
  lines.push(`in flight: ${codeOf(early)}, after ${early.headers.get('retry-after')} s`);
  return [first, lines];
}

/** Another request at the same route: of its body, or of its URL where no body may hold more. */
function otherThan(asked: Asked, { body: shape, route: [, , { isOwn }] }: Operation): Asked {
  const { body, url } = asked;
  if (Array.isArray(body)) {
    return { ...asked, body: [...(body as unknown[]), ...(body as unknown[])] };
  }
  return shape === undefined || isOwn === true
    ? { ...asked, url: `${url}${url.includes('?') ? '&' : '?'}` }
    : { ...asked, body: { ...(body as object | undefined), unheard_of: 1 } };
}

function codeOf({ status, json }: Told): string {
  const { code, error } = (json ?? {}) as {
    readonly code?: string;
    readonly error?: { readonly reason?: string };
  };
  return status === 200 ? '200' : `${status} ${code ?? error?.reason}`;
}

function requestOf(
  [method, url, body, , session]: ExampleRequest,
  kept: Readonly<Record<string, string>>,
): Asked {
  return {
    method,
    url: fill(url, kept),
    body:
      body === undefined ? undefined : (JSON.parse(fill(JSON.stringify(body), kept)) as unknown),
    authorization: session === undefined ? {} : { authorization: `Bearer ${fill(session, kept)}` },
  };
}

function nameOf({ route: [method, path] }: Operation): string {
  return `${method} ${path}`;
}

/** Reading changes nothing, and signing in is never answered from a receipt. */
function isKept(operation: Operation | undefined): boolean {
  return (
    operation !== undefined &&
    operation.route[0] !== 'GET' &&
    operation.route[2].action !== 'session.open'
  );
}
