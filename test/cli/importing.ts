// `quartermaster import` run as people run it, and another system to run it on.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { bringOver } from '../../src/cli/import/import.ts';
import { planFrom } from '../../src/cli/import/source.ts';
import type { System } from '../../src/cli/import/source.ts';
import type { ImportSource } from '../../src/config/import-source.ts';
import type { Plan, Served } from '../../src/cli/import/step.ts';
import { ADMIN_KEY, openDoor } from '../api/door.ts';
import type { Door } from '../api/door.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';

const MAIN = path.resolve(import.meta.dirname, '../../src/cli/main.ts');

interface Printed {
  readonly outcomes: readonly {
    kind: string;
    name: string;
    outcome: string;
    complaint: string;
    difference?: string;
  }[];
  readonly notes: readonly string[];
}

/** Runs the import of a system; `where` names where it is, by the variables that say so. */
export async function runImport(
  door: Pick<Door, 'url'>,
  system: string,
  where: Readonly<Record<string, string>>,
  ...words: string[]
): Promise<Printed> {
  const child = spawn(process.execPath, [MAIN, 'import', system, '--json', ...words], {
    env: {
      PATH: process.env['PATH'],
      QUARTERMASTER_URL: door.url,
      QUARTERMASTER_ADMIN_KEY: ADMIN_KEY,
      ...where,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (out === '') {
    throw new Error(complaint);
  }
  return JSON.parse(out) as Printed;
}

/** The same without a process of its own, which costs a second. */
export async function importHere(
  { url }: Pick<Door, 'url'>,
  system: System,
  source: ImportSource,
  apply: boolean,
): Promise<Awaited<ReturnType<typeof bringOver>>> {
  const plan = async (served: Served) => planFrom(system, source, served);
  return bringOver({ url, adminKey: ADMIN_KEY }, { plan, apply });
}

/** `organization acme: made`, and the complaint where there is one. */
export function lines({ outcomes }: { readonly outcomes: Printed['outcomes'] }): string[] {
  return outcomes.map(
    ({ kind, name, outcome, complaint }) =>
      `${kind} ${name}: ${outcome}${complaint === '' ? '' : ` (${complaint})`}`,
  );
}

export async function fill(databaseUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

interface RecordedFailures {
  /** What is answered with 500, twice, before it is with what it asks. */
  readonly failing?: string;
  /** What is answered with 403. */
  readonly closed?: readonly string[];
}

/** A server that answers what was recorded, by path and query, to who has the key. */
export async function recordedApi(
  answers: Readonly<Record<string, unknown>>,
  [header, value]: readonly [string, string],
  { failing, closed = [] }: RecordedFailures = {},
) {
  let failures = 0;
  const server = createServer(({ headers, url = '' }, response) => {
    const isOpen = headers[header] === value;
    const answer = answers[url];
    const isFailing = url === failing && failures < 2;
    failures += isFailing ? 1 : 0;
    const says = answer === undefined ? 404 : 200;
    const status = isFailing ? 500 : !isOpen ? 401 : closed.includes(url) ? 403 : says;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? answer : { detail: 'no' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A door, and another system beside it: its database, and its API, which opens with a header. */
export async function openBeside(
  sql: string,
  answers: Readonly<Record<string, unknown>>,
  header: readonly [name: string, value: string],
  key: string,
) {
  const [door, other, api] = await Promise.all([
    openDoor(),
    createTestDatabase(),
    recordedApi(answers, header),
  ]);
  await fill(other.url, sql);
  return {
    door,
    databaseUrl: other.url,
    source: { url: api.url, headers: { [header[0]]: header[1] } },
    inDatabase: { QUARTERMASTER_IMPORT_DATABASE_URL: other.url },
    atApi: { QUARTERMASTER_IMPORT_URL: api.url, QUARTERMASTER_IMPORT_KEY: key },
    async close() {
      await Promise.all([door.close(), api.close()]);
      await other.drop();
    },
  };
}
export type Beside = Awaited<ReturnType<typeof openBeside>>;

/** All that a plan would ask, in no order. */
export function askedBy({ steps, notes }: Plan) {
  return {
    notes,
    steps: steps
      .map(({ look, make, rest, obstacle }) => [look, make, rest?.({ key_id: 'its-id' }), obstacle])
      .map((step) => JSON.stringify(step))
      .toSorted(),
  };
}

/** Imports through a door that breaks off, again and again until nothing is left to do; answers how often. */
export async function importBreaking(
  door: Pick<Door, 'url'>,
  plan: (served: Served) => Promise<Plan>,
): Promise<number> {
  const broken = await breakingDoor(door);
  const server = { url: broken.url, adminKey: ADMIN_KEY };
  for (let runs = 1; runs <= RUNS_MAX; runs += 1) {
    broken.begin();
    const { outcomes } = await bringOver(server, { plan, apply: true });
    if (outcomes.every(({ outcome }) => ['is there', 'cannot be made'].includes(outcome))) {
      await broken.close();
      return runs;
    }
  }
  throw new Error(`Importing through a door that breaks off: not whole after ${RUNS_MAX} runs`);
}
const RUNS_MAX = 100;

const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** How many changes go through in each run: where a key breaks off, which takes most of them, and then many. */
const CHANGES_IN_TURN = [1, 2, 3, 4, 5, 20];
/** These only ask. */
const QUESTIONS = ['/budget/info', '/tag/info'];

/**
 * Stands before a door and breaks off: of each run a few changes go through, and nothing after them. Of every
 * second run the answers are lost, too.
 */
async function breakingDoor(door: Pick<Door, 'url'>) {
  let runs = 0;
  let changes = 0;
  const passOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '' } = request;
    const isChange = CHANGES.includes(method) && !QUESTIONS.includes(url);
    changes += isChange ? 1 : 0;
    const isCutOff = isChange && changes > (CHANGES_IN_TURN[runs % CHANGES_IN_TURN.length] ?? 0);
    const isLost = isChange && runs % 2 === 0;
    const body = await text(request);
    const init = { method, headers: headersOf(request.headers) };
    const told = isCutOff
      ? undefined
      : await fetch(door.url + url, body === '' ? init : { ...init, body });
    const status = isLost || told === undefined ? 418 : told.status;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end((await told?.text()) ?? '');
  };
  const server = createServer((request, response) => {
    passOn(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    begin() {
      runs += 1;
      changes = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function headersOf(given: Readonly<Record<string, string | string[] | undefined>>) {
  const kept = ['authorization', 'content-type', 'idempotency-key'];
  return Object.fromEntries(
    kept.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])),
  );
}
