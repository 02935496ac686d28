// The examples of the OpenAPI document: each is asked of a running door, and what it answered is the example. So they
// work as they stand, one after the other, and never fall behind.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATIONS, operationOf } from './documented.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import type { ExampleRequest } from './examples/example-request.ts';
import { fill, proposeTopUps, use } from './examples/fill.ts';
import { LITELLM_EXAMPLES } from './examples/litellm.ts';
import { SAAS_EXAMPLES } from './examples/saas.ts';

const FILE = '../../src/api/openapi/examples.json';
/** Some 200 requests one after the other; a busy machine takes half a second for each. */
const ALL_TIMEOUT_MS = 180_000;

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(async () => door.close());

interface Example {
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer: unknown;
}

test(
  'every example is answered as it says, and every operation has one',
  async () => {
    const examples: Record<string, Example> = {};
    const kept: Record<string, string> = {};
    const unchanging = createUnchanging();
    for (const request of [...SAAS_EXAMPLES, ...LITELLM_EXAMPLES]) {
      const [name, example] = await asked(request, kept);
      examples[name] ??= unchanging(example);
      if (kept['secret'] !== undefined && kept['call'] === undefined) {
        await use(door, kept['secret'], kept);
        await proposeTopUps(door, kept);
      }
    }
    await expect(`${JSON.stringify(examples, null, 2)}\n`).toMatchFileSnapshot(FILE);
    const without = OPERATIONS.map(({ route: [method, path] }) => `${method} ${path}`).filter(
      (name) => examples[name] === undefined,
    );
    expect(without).toEqual([]);
  },
  ALL_TIMEOUT_MS,
);

/** Sends it with what earlier answers held, and keeps what later ones name. */
async function asked(
  [method, url, body, names = {}, session]: ExampleRequest,
  kept: Record<string, string>,
): Promise<[string, Example]> {
  const filled = fill(url, kept);
  const sent: unknown =
    body === undefined ? undefined : JSON.parse(fill(JSON.stringify(body), kept));
  const headers = session === undefined ? {} : { authorization: `Bearer ${fill(session, kept)}` };
  const told = await door.ask(method, filled, sent, headers);
  expect([method, filled, told.status, told.text]).toEqual([method, filled, 200, told.text]);
  for (const [name, field] of Object.entries(names)) {
    kept[name] = (told.json as Readonly<Record<string, string>>)[field] ?? '';
  }
  const [pathname = '', search = ''] = filled.split('?');
  const query = Object.fromEntries(new URLSearchParams(search));
  const [, path] = operationOf(method, pathname)?.route ?? [];
  return [
    `${method} ${path}`,
    {
      url: pathname,
      ...(search === '' ? {} : { query }),
      ...(sent === undefined ? {} : { body: sent }),
      answer: told.json,
    },
  ];
}

/** What is new in every run is told the same in every run: ids by their order, secrets, moments. */
function createUnchanging(): (example: Example) => Example {
  const ids = new Map<string, string>();
  const idOf = (id: string): string => {
    const known =
      ids.get(id) ?? `00000000-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(id, known);
    return known;
  };
  return (example) =>
    JSON.parse(
      JSON.stringify(example)
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, idOf)
        .replaceAll(/sk-[0-9a-f]{48}/g, `sk-${'0123456789abcdef'.repeat(3)}`)
        .replaceAll(/(sk-(?:…|\.\.\.))[0-9a-f]{4}/g, '$1cdef')
        .replaceAll(/qms-[\w-]{20,}/g, 'qms-0123456789abcdef')
        .replaceAll(/whsec_[\w+/=-]+/g, 'whsec_MDEyMzQ1Njc4OWFiY2RlZg==')
        .replaceAll(/"state":"[^"]+"/g, '"state":"0123456789abcdef"')
        .replaceAll(/202\d-\d\d-\d\dT[\d:.]+Z/g, '2026-11-21T09:00:00.000Z')
        .replaceAll(/"202\d-\d\d-\d\d"/g, '"2026-11-21"')
        .replaceAll(/"202\d-\d\d"/g, '"2026-11"')
        .replaceAll(/("(?:\w+_)?(?:latency|duration)_ms":)[\d.]+/g, '$1420'),
    ) as Example;
}
