// Every example of the documents, taken out of them and run as it stands, with the documented answer compared
// field by field; and every field and route that they name.

import { afterAll, describe, expect, test } from 'vitest';
import { LITELLM } from '../../../src/api/litellm/dialect.ts';
import { LITELLM_NOT_OFFERED } from '../../../src/api/litellm/not-offered.ts';
import { fieldsIn } from '../../../src/api/openapi/schema.ts';
import { differences, failedReads, isOfType } from './compare.ts';
import type { Example } from './example.ts';
import {
  docstringFields,
  DOCUMENTS,
  examplesIn,
  listedFields,
  teamProperties,
  updateFields,
} from './read-documents.ts';
import { createWorlds } from './world.ts';

const world = createWorlds();
afterAll(async () => world.close());

/** Where an answer is another one on purpose; each stands with its reason in docs/compatibility.md. */
const DELIBERATE: Readonly<Record<string, { what: string; status?: number; differs: RegExp[] }>> = {
  'litellm-team-budgets:49': { what: '', differs: [/^team_id: /] },
  'litellm-team-budgets:128': {
    what: 'POST /chat/completions: 400, auth_error',
    status: 429,
    differs: [/^error\.message: /, /^error\.type: /, /^error\.code: /],
  },
  'litellm-team-management:126': { what: 'GET /team/list: teams', differs: [/^teams/] },
  'litellm-team-management:390': { what: 'GET /team/list: teams', differs: [/^teams/] },
};

function sentWith({ path, body }: Example): Readonly<Record<string, unknown>> {
  const query = Object.fromEntries(new URL(path, 'http://host').searchParams);
  return { ...query, ...(typeof body === 'object' ? body : {}) };
}

describe.each(DOCUMENTS)('%s', (document) => {
  const examples = examplesIn(document);

  test('has examples', () => {
    expect(examples.length).toBeGreaterThan(1);
  });

  test.each(examples.map((example) => [`${example.place} ${example.path}`, example] as const))(
    '%s answers as documented',
    async (_name, example) => {
      const told = await world.run(example);
      const { status = 200, differs = [] } = DELIBERATE[example.place] ?? {};
      expect([told.status, told.text]).toEqual([status, expect.anything()]);
      expect(told.headers.get('x-quartermaster-warning')).toBeNull();
      const all = [
        ...(example.answer === undefined
          ? []
          : differences(example.answer, told.json, sentWith(example))),
        ...failedReads(example.reads, told.json),
      ];
      expect(all.filter((line) => !differs.some((known) => known.test(line)))).toEqual([]);
      expect(differs.filter((known) => !all.some((line) => known.test(line)))).toEqual([]);
    },
  );
});

describe('what the documents list', () => {
  const fieldsOf = (route: string): string[] => {
    const [method, path] = route.split(' ');
    const found = LITELLM.routes.find(([each, at]) => each === method && at === path);
    const [, , { body, query }] = found ?? expect.fail(`there is no ${route}`);
    return [body, query].flatMap((shape) => (fieldsIn(shape) ?? []).map(([name]) => name));
  };
  const notOffered = new Set(LITELLM_NOT_OFFERED.map(({ what }) => what));
  const unread = (route: string, fields: readonly string[]): string[] => {
    const known = fieldsOf(route);
    return fields.filter(
      (field) => !known.includes(field) && !notOffered.has(`${route}: ${field}`),
    );
  };

  test.each([...docstringFields()])('%s exists, and reads every parameter', (route, fields) => {
    expect(unread(route, fields)).toEqual([]);
  });

  test('POST /team/update reads every parameter of its own page', () => {
    const fields = updateFields();
    expect(fields).toHaveLength(13);
    expect(unread('POST /team/update', fields)).toEqual([]);
  });

  test.each(listedFields().filter(({ side }) => side === 'read'))(
    '$route reads every field of the overview',
    ({ route, fields }) => {
      expect(unread(route, Object.keys(fields))).toEqual([]);
    },
  );

  const get = { method: 'GET', reads: [] } as const;
  test.each(
    listedFields().filter(({ side, route }) => side === 'answered' && route !== 'GET /team/list'),
  )('$route answers every field of the overview, with its type', async ({ route, fields }) => {
    const made = examplesIn('litellm-team-management')[0] as Example;
    const info = { ...get, place: 'overview', path: '/team/info?team_id=engineering-team' };
    const told = await world.run(route === 'POST /team/new' ? made : info);
    const wrong = Object.entries(fields).filter(([name, type]) => !isOfType(told.json[name], type));
    expect(wrong).toEqual([]);
  });

  test('a team has every property of the table, with its type', async () => {
    const told = await world.run({ ...get, place: 'table', path: '/api/teams/acme-prod' });
    const properties = Object.entries(teamProperties());
    expect(properties).toHaveLength(9);
    expect(properties.filter(([name, type]) => !isOfType(told.json[name], type))).toEqual([]);
  });

  test('each deliberate difference is told with its reason', () => {
    const named = Object.values(DELIBERATE).filter(({ what }) => what !== '');
    expect(named.filter(({ what }) => !notOffered.has(what))).toEqual([]);
  });
});
