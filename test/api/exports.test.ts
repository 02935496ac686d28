// Files of everything, and lists page by page: right while rows change, and no larger in memory than a page.

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/core/audit/audit-records.ts';
import { EXPORT_PAGE_ROWS } from '../../src/core/exports/rows.ts';
import type { Records } from '../../src/core/stores.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';
import { handInEvents } from '../support/usage-events.ts';
import { waitFor } from '../support/wait-for.ts';
import { ADMIN_KEY, openManagement } from './management.ts';
import type { Management } from './management.ts';

/** Nothing moves any more when so many looks in a row see the same. */
const STILL_LOOKS = 40;
const CALLS = EXPORT_PAGE_ROWS * 2 + 7;

let qm: Quartermaster;
let door: Management;
let own: Awaited<ReturnType<Quartermaster['team']>>;
let rival: Awaited<ReturnType<Quartermaster['team']>>;
beforeAll(async () => {
  qm = await startQuartermaster();
  door = await openManagement(qm.stores);
  own = await qm.team({ id: 'own', alias: 'Own, "the" team' });
  rival = await qm.team({ id: 'rival-team', organizationId: 'rival' });
  const at = new Date(Date.now() - 3_600_000);
  const event = { organizationId: 'acme', teamId: own.id, keyId: own.keyId, at };
  await handInEvents(
    qm,
    Array.from({ length: CALLS }, () => event),
  );
  await handInEvents(qm, [{ organizationId: 'rival', teamId: rival.id, keyId: rival.keyId, at }]);
  await qm.drain();
});
afterAll(async () => {
  await door.close();
  await qm[Symbol.asyncDispose]();
});

const csvRows = (text: string): string[] => text.split('\r\n').slice(1, -1);
const jsonRows = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a file', () => {
  test('of calls has each once, over as many pages as there are', async () => {
    const told = await door.ask('GET', '/api/exports/usage?team_id=own');
    expect([told.status, told.headers.get('content-type')]).toEqual([200, 'text/csv']);
    expect(told.text.split('\r\n')[0]).toBe(
      'call_id,organization_id,team_id,key_id,user_id,model,job_type,outcome,input_tokens,output_tokens,cost_usd,started_at,ended_at',
    );
    const ids = csvRows(told.text).map((row) => row.split(',')[0]);
    expect([ids.length, new Set(ids).size]).toEqual([CALLS, CALLS]);
    const all = await door.ask('GET', '/api/exports/usage?format=jsonl');
    expect(jsonRows(all.text)).toHaveLength(CALLS + 1);
    const none = await door.ask('GET', '/api/exports/usage?to=2020-01-01');
    expect([none.status, none.text]).toEqual([200, '']);
  });

  test('is CSV or JSON Lines as the caller reads it, and no cell of it is a formula', async () => {
    await door.ask('PUT', '/api/teams/own', { team_alias: '=1+1, "x"' });
    const csv = await door.ask('GET', '/api/exports/teams');
    expect(csv.text).toContain(`own,acme,"'=1+1, ""x""",active`);
    const accept = { accept: 'application/jsonl' };
    const lines = await door.ask('GET', '/api/exports/teams', undefined, accept);
    expect(lines.headers.get('content-type')).toBe('application/jsonl');
    expect(jsonRows(lines.text)).toContainEqual(
      expect.objectContaining({ team_id: 'own', team_alias: '=1+1, "x"' }),
    );
  });

  test('of the ledger adds up to the balances; of keys it shows none', async () => {
    const credits = await door.ask('GET', '/api/exports/credits?team_id=own&format=jsonl');
    const sum = jsonRows(credits.text).reduce((so, { amount }) => so + Number(amount), 0);
    const account = await qm.stores.records.ledger.account('own');
    expect(sum).toBe(Number(account?.balance) / 1_000_000);
    const keys = await door.ask('GET', '/api/exports/keys');
    expect(csvRows(keys.text)).toHaveLength(2);
    expect(keys.text).not.toContain(own.secretKey);
    const audit = await door.ask('GET', '/api/exports/audit?organization_id=acme&format=jsonl');
    expect(jsonRows(audit.text)).toContainEqual(
      expect.objectContaining({ action: 'team.created', target: 'team:own' }),
    );
  });

  test('holds no row of another customer, whatever is asked for', async () => {
    const as = { authorization: `Bearer ${own.secretKey}` };
    const mine = await door.ask('GET', '/api/exports/usage?format=jsonl', undefined, as);
    expect(jsonRows(mine.text)).toHaveLength(CALLS);
    for (const query of ['team_id=rival-team', 'organization_id=rival']) {
      const told = await door.ask('GET', `/api/exports/usage?${query}`, undefined, as);
      expect([told.status, told.json.code]).toEqual([403, 'row_of_another']);
    }
    expect((await door.ask('GET', '/api/exports/audit', undefined, as)).status).toBe(403);
    const unknown = await door.ask('GET', '/api/exports/usage?team_id=nobody');
    expect(unknown.status).toBe(404);
    expect((await door.ask('GET', '/api/exports/usage?from=yesterday')).status).toBe(422);
  });

  test('of teams, keys or the ledger holds what was made within a range', async () => {
    const made = await door.ask('GET', '/api/exports/keys?format=jsonl');
    const [first, second] = jsonRows(made.text).map(({ created_at: at }) => String(at));
    const rowsOf = async (what: string, range: string) =>
      jsonRows((await door.ask('GET', `/api/exports/${what}?format=jsonl&${range}`)).text);
    const keys = await rowsOf('keys', `from=${first}&to=${second}`);
    expect(keys.map(({ created_at: at }) => at)).toEqual([first]);
    expect(await rowsOf('keys', `from=${second}`)).toHaveLength(1);
    for (const what of ['teams', 'keys', 'credits']) {
      for (const scope of ['', '&team_id=own', '&organization_id=acme']) {
        expect(await rowsOf(what, `to=2020-01-01${scope}`)).toEqual([]);
        const all = await rowsOf(what, `from=2020-01-01${scope}`);
        expect(all).toEqual(await rowsOf(what, scope.slice(1)));
        expect(all.length).toBeGreaterThan(0);
      }
    }
  });

  const audit: AuditEntry = {
    position: 1n,
    at: new Date(0),
    actor: 'system:test',
    door: 'system',
    action: 'made.up',
    target: 'team:own',
    before: null,
    after: { text: 'x'.repeat(1_000) },
    reason: null,
  };
  /** Records that never end, a megabyte a page. */
  const ENDLESS: readonly [
    name: string,
    path: string,
    of: (records: Records, turn: <Row>(row: Row | undefined) => Row[]) => Promise<Records>,
  ][] = [
    [
      'the audit trail',
      'audit',
      async (records, turn) => ({
        ...records,
        audit: { ...records.audit, search: async () => turn(audit) },
      }),
    ],
    [
      'keys',
      'keys',
      async (records, turn) => {
        const [key] = await records.keys.ofTeam('own');
        const row = key && { ...key, name: 'x'.repeat(1_000) };
        return { ...records, keys: { ...records.keys, list: async () => turn(row) } };
      },
    ],
    [
      'the ledger',
      'credits?team_id=own',
      async (records, turn) => {
        const [entry] = await records.ledger.history('own', 1);
        const row = entry && { ...entry, reason: 'x'.repeat(1_000) };
        return { ...records, ledger: { ...records.ledger, list: async () => turn(row) } };
      },
    ],
  ];

  test.each(ENDLESS)(
    'of %s that nobody reads on is read no further, and ends when its reader leaves',
    async (_, path, of) => {
      let pages = 0;
      const turn = <Row>(row: Row | undefined): Row[] => {
        pages += 1;
        return Array.from({ length: EXPORT_PAGE_ROWS }, () => row as Row);
      };
      const endless = await of(qm.stores.records, turn);
      const other = await openManagement({ ...qm.stores, records: endless });
      try {
        const headers = { authorization: `Bearer ${ADMIN_KEY}` };
        const asked = request(`${other.url}/api/exports/${path}`, { headers });
        const response = await new Promise<NodeJS.ReadableStream>((resolve) => {
          asked.on('response', resolve);
          asked.end();
        });
        response.pause();
        const settled = async (): Promise<number> => {
          let before = -1;
          let still = 0;
          return waitFor(
            () => {
              still = before === pages ? still + 1 : 0;
              before = pages;
              return still > STILL_LOOKS ? pages : undefined;
            },
            { what: 'the export to stand still' },
          );
        };
        // What the sockets of both sides hold, and the page that waits.
        expect(await settled()).toBeLessThan(32);
        asked.destroy();
        await settled();
        expect(pages).toBeLessThan(40);
      } finally {
        await other.close();
      }
    },
  );
});

describe('a list of teams', () => {
  const ids = (json: { team_id: string }[]) => json.map(({ team_id: id }) => id);

  async function allPages(path: string, between: (page: number) => Promise<void>) {
    const seen: string[] = [];
    let next: string | undefined = path;
    for (let page = 0; next !== undefined; page += 1) {
      const told = await door.ask('GET', next);
      seen.push(...ids(told.json));
      await between(page);
      next = /^<([^>]+)>/.exec(told.headers.get('link') ?? '')?.[1];
    }
    return seen;
  }

  test('shows each team once while others come and go between its pages', async () => {
    const organization = { organization_id: 'pages', name: 'P', create_default_team: false };
    await door.ask('POST', '/api/organizations/create', organization);
    const add = async (id: string) =>
      door.ask('POST', '/api/teams/create', {
        organization_id: 'pages',
        team_id: id,
        access_groups: [],
      });
    const before = Array.from({ length: 9 }, (_each, at) => `p-${at}0`);
    for (const id of before) {
      await add(id);
    }
    for (const order of ['asc', 'desc']) {
      const seen = await allPages(
        `/api/teams?organization_id=pages&limit=2&order=${order}`,
        async (page) => {
          await Promise.all([add(`p-0${page}-${order}`), add(`p-8${page}-${order}`)]);
        },
      );
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(before));
      const sorted = seen.toSorted((a, b) => (a < b ? -1 : 1));
      expect(seen).toEqual(order === 'asc' ? sorted : sorted.toReversed());
    }
  });

  test('is narrowed by status and a part of the id, on every page', async () => {
    await door.ask('POST', '/api/teams/p-30/suspend');
    await door.ask('POST', '/api/teams/p-50/suspend');
    const path = '/api/teams?organization_id=pages&status=suspended&search=P-&limit=1';
    expect(await allPages(path, async () => undefined)).toEqual(['p-30', 'p-50']);
    expect((await door.ask('GET', '/api/teams?status=odd')).status).toBe(422);
  });
});
