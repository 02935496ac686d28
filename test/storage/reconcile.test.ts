import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { Ceilings } from '../../src/core/ceilings/ceilings.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import type { KeyIdentity } from '../../src/core/gateway/gate.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { reconcileAll } from '../../src/storage/reconcile-all.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import { PEPPER, startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const CEILINGS: Ceilings = {
  limits: [{ kind: 'parallel', max: 10, model: null, shadow: false, boost: null }],
  budgets: [
    {
      duration: '1d',
      model: null,
      maxNanoUsd: 1_000_000_000n,
      softNanoUsd: null,
      anchorMs: 0,
      shadow: false,
      boost: null,
    },
  ],
};

/** A team in the middle of things: a call drained, one not drained, one under way. */
async function busyTeam(): Promise<{ id: string; record: string }> {
  const team = await qm.team();
  await qm.stores.records.teams.update(team.id, { ceilings: CEILINGS });
  await qm.gate.project({ teamId: team.id });
  const identity = await qm.gate.identify(hashOfKey(team.secretKey, PEPPER), '');
  const call = async (isEnded: boolean): Promise<void> => {
    const ask = askOf(identity as KeyIdentity, { bound: { inputNanoUsd: 100 } });
    const verdict = await qm.gate.admit(ask);
    if (!verdict.admitted) {
      throw new Error('the call was refused');
    }
    if (isEnded) {
      await qm.gate.settle(settlementOfAsk(ask, { costNanoUsd: 70n, taken: verdict.taken }));
    }
  };
  await call(true);
  await qm.drain();
  await call(true);
  await call(false);
  const keys = qm.gate.shards[shardOf('acme')] as ShardKeys;
  return { id: team.id, record: keys.team(team.id) };
}

const compare = async (teamId: string, repair = false) => reconcileAll(qm, { teamId }, { repair });

test('what agrees is said to agree, whatever is under way or not drained', async () => {
  const { id } = await busyTeam();
  expect(await compare(id)).toEqual({ compared: 1, drifts: [] });
});

test.each([
  ['charged', 'charges'],
  ['held', 'reservations'],
  ['funded', 'funding'],
  ['spendable', 'arithmetic'],
])('one microcredit too much in %s is found, named and mended', async (field, what) => {
  const { id, record } = await busyTeam();
  const { redis } = qm.gate.connection;
  await redis.hincrby(record, field, 1);
  const { drifts } = await compare(id, true);
  expect(drifts).toContainEqual(expect.objectContaining({ subject: `team:${id}`, what }));
  expect(await compare(id)).toEqual({ compared: 1, drifts: [] });
  expect(await qm.gate.balance({ id, organizationId: 'acme' })).toMatchObject({
    charged: 2_000_000n,
    reserved: 1_000_000n,
  });
});

test('a budget and calls at once that were counted wrongly are found, named and mended', async () => {
  const { id, record } = await busyTeam();
  const { redis } = qm.gate.connection;
  const budget = (await redis.hget(record, 'm:budget-1d')) ?? '';
  await redis.hset(record, 'm:budget-1d', budget.replace(/\|140\|100\|/, '|141|99|'));
  await redis.hset(record, 'm:parallel', '5');
  const { drifts } = await compare(id, true);
  expect(drifts.map(({ what, gate, records }) => [what, gate, records])).toEqual([
    ['parallel', 5n, 1n],
    ['budget_spent', 141n, 140n],
    ['budget_held', 99n, 100n],
  ]);
  expect(await compare(id)).toEqual({ compared: 1, drifts: [] });
});

test('all teams, keys, people and organizations that are counted are compared, page by page', async () => {
  const { id } = await busyTeam();
  const [key] = await qm.stores.records.keys.ofTeam(id);
  await qm.stores.records.keys.update(key?.id ?? '', { ceilings: CEILINGS });
  await qm.stores.records.organizations.update('acme', { ceilings: CEILINGS });
  await qm.gate.project({ keyId: key?.id ?? '' });
  await qm.gate.project({ organizationId: 'acme' });
  const { compared, drifts } = await reconcileAll(
    qm,
    { organizationId: 'acme' },
    { repair: false },
  );
  const teams = await qm.stores.records.teams.list({ organizationId: 'acme', limit: 100 });
  expect(compared).toBe(teams.length + 2);
  expect(drifts).toEqual([]);
  await qm.stores.records.organizations.update('acme', { ceilings: NO_CEILINGS });
  await qm.gate.project({ organizationId: 'acme' });
});
