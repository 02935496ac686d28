import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { createTeam } from '../../src/core/teams/create-team.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

describe('the database itself refuses', () => {
  test.each([
    ['to change an entry', `UPDATE credit_entries SET amount = 1`],
    ['to delete an entry', `DELETE FROM credit_entries`],
    ['to empty the ledger', `TRUNCATE credit_entries`],
    ['to change the audit trail', `UPDATE audit_entries SET actor = 'nobody'`],
    ['to delete from the audit trail', `DELETE FROM audit_entries`],
    ['to change what a call used', `UPDATE usage_events SET charge = 0`],
    [
      'to move a balance without an entry',
      `UPDATE credit_accounts SET balance = 1 WHERE team_id IS NOT NULL`,
    ],
    ['to delete an account', `DELETE FROM credit_accounts WHERE team_id IS NOT NULL`],
    [
      'a posting that does not sum to zero',
      `INSERT INTO credit_entries (posting_id, account_id, kind, amount, actor, reason, reference)
       SELECT gen_random_uuid(), id, 'grant', 5, 'a', 'r', 'x' FROM credit_accounts WHERE team_id IS NOT NULL LIMIT 1`,
    ],
    [
      'a usage entry that names no events',
      `WITH posting AS (SELECT gen_random_uuid() AS id), account AS (SELECT id FROM credit_accounts WHERE team_id IS NOT NULL LIMIT 1)
       INSERT INTO credit_entries (posting_id, account_id, kind, amount, actor, reason, reference)
       SELECT posting.id, account.id, 'usage', -5, 'a', 'r', 'y' FROM posting, account
       UNION ALL SELECT posting.id, 'house:usage', 'usage', 5, 'a', 'r', 'y' FROM posting`,
    ],
  ])('%s', async (_, statement) => {
    const team = await qm.team();
    await qm.call(team.secretKey);
    await qm.drain();
    await expect(qm.postgres.$executeRawUnsafe(statement)).rejects.toThrow();
  });
});

describe('funding', () => {
  test('moves balance, funding and allotment together, in the order of its sequence', async () => {
    const team = await qm.team({ credits: 10_000_000n });
    await topUp(qm.stores, SYSTEM, {
      teamId: team.id,
      amount: 5_000_000n,
      reason: 'a',
      reference: 'a',
    });
    expect(await qm.stores.records.ledger.account(team.id)).toMatchObject({
      balance: 15_000_000n,
      funded: 15_000_000n,
      used: 0n,
      allotment: 15_000_000n,
      fundingSequence: 2n,
    });
    const history = await qm.stores.records.ledger.history(team.id, 10);
    expect(history.map((entry) => [entry.kind, entry.amount, entry.balanceAfter])).toEqual([
      ['top_up', 5_000_000n, 15_000_000n],
      ['grant', 10_000_000n, 10_000_000n],
    ]);
  });

  test.each([
    [0n, 'it must be more than 0'],
    [-1n, 'it must be more than 0'],
    [2_000_000_000_000_000n, 'a balance holds at most'],
  ])('of %s microcredits is refused and leaves nothing', async (amount, complaint) => {
    const team = await qm.team();
    const before = await qm.stores.records.ledger.account(team.id);
    const wish = { teamId: team.id, amount, reason: 'r', reference: 'r' };
    const answer = await topUp(qm.stores, SYSTEM, wish);
    expect(answer).toMatchObject({ refused: 'value_invalid' });
    expect(JSON.stringify(answer)).toContain(complaint);
    expect(await qm.stores.records.ledger.account(team.id)).toEqual(before);
  });

  test('of an unknown team is refused', async () => {
    const wish = { teamId: 'nobody', amount: 1n, reason: 'r', reference: 'r' };
    expect(await topUp(qm.stores, SYSTEM, wish)).toMatchObject({ refused: 'team_unknown' });
  });
});

describe('creating a team', () => {
  const wish = { accessGroups: ['gpt-models'], credits: 1_000_000n, createOrganization: true };

  test.each([
    ['an unknown group', { accessGroups: ['no-models'] }, 'access_group_unknown'],
    ['an id with a space', { id: 'a b' }, 'value_invalid'],
    ['an id with a line break', { id: 'a\nb' }, 'value_invalid'],
    ['an endless id', { id: 'x'.repeat(65) }, 'value_invalid'],
    ['a name of invisible characters', { alias: '\u202eevil' }, 'value_invalid'],
    ['negative credits', { credits: -1n }, 'value_invalid'],
    ['enormous credits', { credits: 10n ** 18n }, 'value_invalid'],
    ['an unknown organization', { createOrganization: false }, 'organization_unknown'],
  ])('with %s is refused and leaves nothing half-done', async (_, part, refused) => {
    const before = await counts();
    const answer = await createTeam(qm.stores, SYSTEM, {
      ...wish,
      id: 'refused',
      organizationId: 'refused-organization',
      ...part,
    });
    expect(answer).toMatchObject({ refused });
    expect(await counts()).toEqual(before);
  });

  test('twice under one id is refused the second time; under one key it happens once', async () => {
    const one = { ...wish, id: 'only-one', organizationId: 'only-one' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => createTeam(qm.stores, SYSTEM, one, 'slack:trigger')),
    );
    expect(answers.filter((answer) => 'secretKey' in answer)).toHaveLength(1);
    expect(answers.filter((answer) => 'answeredBefore' in answer)).toHaveLength(7);
    expect(await createTeam(qm.stores, SYSTEM, one)).toMatchObject({ refused: 'team_exists' });
  });

  async function counts(): Promise<number[]> {
    const { postgres } = qm;
    return Promise.all([
      postgres.team.count(),
      postgres.organization.count(),
      postgres.virtualKey.count(),
      postgres.creditEntry.count(),
      postgres.creditAccount.count(),
      postgres.auditEntry.count(),
      postgres.outboxEvent.count(),
      postgres.receipt.count(),
    ]);
  }
});

describe('the drain', () => {
  const keys = (): ShardKeys => qm.gate.shards[shardOf('acme')] as ShardKeys;

  test('writes each event once, by however many workers at once', async () => {
    const team = await qm.team();
    await Promise.all(Array.from({ length: 30 }, async () => qm.call(team.secretKey)));
    await Promise.all(
      Array.from({ length: 5 }, async () => drainShard(qm.postgres, qm.gate, keys())),
    );
    await qm.drain();
    expect(await qm.postgres.usageEvent.count({ where: { teamId: team.id } })).toBe(30);
    expect((await qm.stores.records.ledger.account(team.id))?.used).toBe(30_000_000n);
    const rows = await qm.stores.records.usage.between(
      team.id,
      new Date(Date.now() - 86_400_000),
      new Date(Date.now() + 86_400_000),
    );
    expect(rows).toMatchObject([{ calls: 30n, charge: 30_000_000n, jobType: 'chat' }]);
  });

  test('sets an event aside that cannot be read, and goes on with the rest', async () => {
    const team = await qm.team();
    const event =
      '{"o":"acme","k":"k","m":"m","d":"d","j":"chat","e":"completed","i":1,"p":1,"c":"1","g":false,"s":1,"t":1}';
    const { redis } = qm.gate.connection;
    await redis.xadd(keys().usage, '*', 'e', `lots 0 poison ${team.id} ${event}`);
    await redis.xadd(keys().usage, '*', 'e', `1 0 worse ${team.id} {"o":1`);
    await redis.xadd(keys().usage, '*', 'e', `1 0 stranger nobody ${event}`);
    await qm.call(team.secretKey);
    await qm.drain();
    expect(await qm.postgres.usageEvent.count({ where: { teamId: team.id } })).toBe(1);
    const aside = await qm.postgres.setAsideEvent.findMany({ orderBy: { position: 'asc' } });
    expect(aside.map((one) => (one.fields as { packed: string }).packed.split(' ')[2])).toEqual([
      'poison',
      'worse',
      'stranger',
    ]);
    expect(aside[2]?.complaint).toBe('There is no team nobody');
  });

  test('an event that stands in the stream again is not charged again', async () => {
    const team = await qm.team();
    await qm.call(team.secretKey);
    const [entry] = await qm.gate.connection.redis.xrevrange(keys().usage, '+', '-', 'COUNT', 1);
    await qm.drain();
    await qm.gate.connection.redis.xadd(keys().usage, '*', ...(entry?.[1] ?? []));
    await qm.drain();
    expect((await qm.stores.records.ledger.account(team.id))?.used).toBe(1_000_000n);
  });
});
