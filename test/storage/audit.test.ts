// The audit trail as a chain: whoever writes, and whatever somebody with all rights does to it afterwards.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import type { Verified } from '../../src/core/audit/verify.ts';
import { refuse } from '../../src/core/refusals.ts';
import type { Records } from '../../src/core/stores.ts';
import { connectPostgres } from '../../src/storage/postgres/client.ts';
import type { Postgres } from '../../src/storage/postgres/client.ts';
import { createRecords } from '../../src/storage/postgres/records.ts';
import { createTestDatabase } from '../support/postgres-for-tests.ts';
import type { TestDatabase } from '../support/postgres-for-tests.ts';
import { runSql } from '../support/services-for-tests.ts';

let database: TestDatabase;
let postgres: Postgres;
let records: Records;

beforeEach(async () => {
  database = await createTestDatabase();
  postgres = connectPostgres(database.url);
  records = createRecords(postgres);
});
afterEach(async () => {
  await postgres.$disconnect();
  await database.drop();
});

const write = async (name: string, inside = records) =>
  inside.audit.write({
    actor: { id: 'slack:U0MANAGER', door: 'slack' },
    action: 'team.resumed',
    target: `team:${name}`,
    before: { b: 1.5, a: 'ä " \\ 🚀', list: [null, true] },
    reason: `“${name}”, ünïcödé`,
  });
/** As somebody does who owns the database and means ill. */
const tamper = async (statement: string) =>
  runSql(database.url, `SET session_replication_role = replica; ${statement}`);
const brokenAt = (verified: Verified) =>
  'broken' in verified ? [Number(verified.broken.position), verified.broken.complaint] : 'holds';

test('many writers at once make one chain, in the order of their commits, without gaps', async () => {
  expect(await verifyAudit(records)).toEqual({ end: { position: 0n, hash: '' } });
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) =>
      records.change(async (inside) => {
        await write(`a-${index}`, inside);
        await write(`b-${index}`, inside);
        return index % 6 === 0 ? refuse('team_unknown', { team: 'x' }) : undefined;
      }),
    ),
  );
  expect(await verifyAudit(records)).toMatchObject({ end: { position: 100n } });
});

test('a change that is still at work makes no other one wait', async () => {
  await records.change(async (inside) => {
    await write('slow', inside);
    await write('quick');
    return undefined;
  });
  const order = (await records.audit.search({ limit: 5 })).map((entry) => entry.target);
  expect(order).toEqual(['team:slow', 'team:quick']);
});

test('rows cannot be changed, removed, or given a place by hand', async () => {
  await write('acme');
  for (const statement of [
    `UPDATE audit_entries SET reason = 'another'`,
    `UPDATE audit_entries SET hash = 'x'`,
    `DELETE FROM audit_entries`,
    `TRUNCATE audit_entries`,
    `DELETE FROM audit_head`,
  ]) {
    await expect(runSql(database.url, statement)).rejects.toThrow('append-only');
  }
  await runSql(
    database.url,
    `INSERT INTO audit_entries (actor, action, target, door, position, hash) VALUES ('x', 'y', 'z', 'api', 900, 'made up')`,
  );
  expect(await verifyAudit(records)).toMatchObject({ end: { position: 2n } });
});

test.each([
  ['changed', `UPDATE audit_entries SET actor = 'slack:U0OTHER' WHERE position = 3`, 3, 'changed'],
  [
    'changed in its JSON',
    `UPDATE audit_entries SET before = '{}' WHERE position = 2`,
    2,
    'changed',
  ],
  ['removed', `DELETE FROM audit_entries WHERE position = 4`, 4, 'missing'],
  ['removed at the end', `DELETE FROM audit_entries WHERE position = 5`, 5, 'missing at the end'],
  [
    'replaced, with a hash that fits',
    `UPDATE audit_entries SET actor = 'x' WHERE position = 3; UPDATE audit_entries e SET hash = audit_hash(e, 3, e.previous_hash) WHERE position = 3`,
    4,
    'does not follow',
  ],
  [
    'slipped in',
    `INSERT INTO audit_entries (actor, action, target, door) VALUES ('x', 'y', 'z', 'api')`,
    0,
    'no place',
  ],
])('a row that was %s is named', async (_, statement, position, complaint) => {
  for (const name of ['one', 'two', 'three', 'four', 'five']) {
    await write(name);
  }
  await tamper(statement);
  expect(brokenAt(await verifyAudit(records))).toEqual([
    position,
    expect.stringContaining(complaint),
  ]);
});

test('rows from before there was a chain are chained by the migration', async () => {
  await write('one');
  await write('two');
  await tamper(`UPDATE audit_entries SET position = NULL, hash = NULL, previous_hash = NULL;
    UPDATE audit_head SET position = 0, hash = ''`);
  const migration = readFileSync(
    new URL('../../prisma/migrations/0020_audit_chain/migration.sql', import.meta.url),
    'utf8',
  );
  await runSql(database.url, /^DO \$\$.*?^END \$\$;/ms.exec(migration)?.[0] ?? 'missing');
  expect(await verifyAudit(records)).toMatchObject({ end: { position: 2n } });
  await write('three');
  expect(await verifyAudit(records)).toMatchObject({ end: { position: 3n } });
});

test('a search finds by actor, by the beginning of an action, and by time, the latest first', async () => {
  await write('one');
  await records.audit.write({ actor: SYSTEM, action: 'credits.added', target: 'team:two' });
  await write('three');
  const found = async (filter: object) =>
    (await records.audit.search({ limit: 10, ...filter })).map((entry) => entry.target);
  expect(await found({})).toEqual(['team:three', 'team:two', 'team:one']);
  expect(await found({ actor: 'system' })).toEqual(['team:two']);
  expect(await found({ action: 'team.' })).toEqual(['team:three', 'team:one']);
  expect(await found({ before: 3n })).toEqual(['team:two', 'team:one']);
  expect(await found({ to: new Date(0) })).toEqual([]);
});
