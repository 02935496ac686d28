import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { isRepeated } from '../../src/core/change.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { GateUnavailable, NotYetInForce } from '../../src/core/faults.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { addMembers } from '../../src/core/members/add-members.ts';
import { once } from '../../src/core/once.ts';
import { changePlan, createPlan, followPlan, removePlan } from '../../src/core/plans/plans.ts';
import { isRefusal, refuse } from '../../src/core/refusals.ts';
import type { Stores } from '../../src/core/stores.ts';
import { createKeylessTeam } from '../../src/core/teams/create-team.ts';
import { deleteTeams } from '../../src/core/teams/delete-teams.ts';
import { together } from '../../src/core/together.ts';
import { PEPPER, startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let quartermaster: Quartermaster;
beforeAll(async () => {
  quartermaster = await startQuartermaster();
});
afterAll(async () => quartermaster[Symbol.asyncDispose]());

const PART = { sort: 'id', descending: false, offset: 0, limit: 10 } as const;
const requests = (max: number) => ({ set: 'limit', kind: 'requests', model: null, max }) as const;

test('operations that run together are written together or not at all', async () => {
  const { stores } = quartermaster;
  const wish = { organizationId: 'whole', createOrganization: true, accessGroups: [], credits: 0n };
  const refused = await together(stores, async (inside) => {
    await createKeylessTeam(inside, SYSTEM, { ...wish, id: 'half' });
    return changeCeilings(inside, SYSTEM, { kind: 'team', teamId: 'half' }, [requests(-1)]);
  });
  expect(refused).toMatchObject({ refused: 'value_invalid' });
  expect(await stores.records.teams.find('half')).toBeUndefined();
  const told = await together(stores, async (inside) => {
    await createKeylessTeam(inside, SYSTEM, { ...wish, id: 'whole' });
    return changeCeilings(inside, SYSTEM, { kind: 'team', teamId: 'whole' }, [requests(5)]);
  });
  expect(told).toMatchObject({ changed: true });
  expect(await stores.gate.meters({ kind: 'team', teamId: 'whole' }, 'whole')).toMatchObject([
    { meter: 'requests', max: 5 },
  ]);
});

test('while the gate is away, what was made is answered for, and what was changed is not in force yet', async () => {
  const project = async (): Promise<void> => {
    throw new GateUnavailable('The gate is away');
  };
  const { stores: whole } = quartermaster;
  const stores = { ...whole, gate: { ...whole.gate, project } };
  const { id: teamId } = await quartermaster.team();
  const wish = { organizationId: 'acme', accessGroups: [], credits: 0n };
  const limit = async (inside: Stores, id: string) =>
    changeCeilings(inside, SYSTEM, { kind: 'team', teamId: id }, [requests(5)]);
  const made = (id: string) => async (inside: Stores) => {
    await createKeylessTeam(inside, SYSTEM, { ...wish, id });
    return limit(inside, id);
  };
  expect(await together(stores, made('away-1'))).toMatchObject({ changed: true });
  expect(await once(stores, 'away', made('away-2'))).toMatchObject({ changed: true });
  const funded = together(stores, async (inside) => {
    await topUp(inside, SYSTEM, { teamId, amount: 1n, reason: 'a test', reference: 'away-3' });
    return limit(inside, teamId);
  });
  await expect(funded).rejects.toThrow(NotYetInForce);
  expect((await whole.records.teams.find(teamId))?.ceilings.limits).toMatchObject([{ max: 5 }]);
});

test('a deleted team is archived, its keys are revoked, its members gone, its ledger stays', async () => {
  const { stores, gate } = quartermaster;
  const team = await quartermaster.team();
  await addMembers(stores, SYSTEM, team.id, [{ userId: 'ann' }, { userId: 'bob' }]);
  expect(await deleteTeams(stores, SYSTEM, [team.id, 'no-team'])).toMatchObject({
    refused: 'team_unknown',
  });
  expect((await quartermaster.call(team.secretKey)).status).toBe(200);
  expect(await deleteTeams(stores, SYSTEM, [team.id, team.id])).toEqual([team.id]);
  expect((await quartermaster.call(team.secretKey)).status).toBe(401);
  expect(await stores.records.members.ofTeam(team.id)).toEqual([]);
  expect((await stores.records.ledger.account(team.id))?.funded).toBe(1_000_000_000n);
  const archived = await stores.records.directory.teams({ ...PART, archived: true });
  expect(archived.rows.map(({ id }) => id)).toEqual([team.id]);
  expect(await deleteTeams(stores, SYSTEM, [team.id])).toMatchObject({ refused: 'team_unknown' });
  expect(await gate.balance({ id: team.id, organizationId: 'acme' })).toMatchObject({
    reserved: 0n,
  });
});

test('several people join at once: each once, and those who are members stay what they are', async () => {
  const { stores } = quartermaster;
  const team = await quartermaster.team();
  await addMembers(stores, SYSTEM, team.id, [{ userId: 'lea', role: 'admin' }]);
  const added = await addMembers(stores, SYSTEM, team.id, [
    { userId: 'kim', email: 'kim@acme.com' },
    { userId: 'lea' },
    { userId: 'kim', role: 'admin' },
  ]);
  expect(added).toMatchObject([
    { userId: 'kim', role: 'user' },
    { userId: 'lea', role: 'admin' },
  ]);
  const people = await stores.records.directory.people({ ...PART, email: 'KIM@acme.com' });
  expect(people).toMatchObject({ total: 1, rows: [{ id: 'kim', organizationId: 'acme' }] });
  expect(await addMembers(stores, SYSTEM, team.id, [{ userId: 'a b' }])).toMatchObject({
    refused: 'value_invalid',
  });
});

test('a key that the client chose works, and neither a short one nor the same again is taken', async () => {
  const { stores } = quartermaster;
  const team = await quartermaster.team();
  const wish = { teamId: team.id, name: 'own', expiresAt: null };
  const chosen = 'sk-chosen-by-the-client-itself';
  const made = await createKey(stores, SYSTEM, { ...wish, secretKey: chosen });
  expect(!isRefusal(made) && !isRepeated(made) && made.secretKey).toBe(chosen);
  expect((await quartermaster.call(chosen)).status).toBe(200);
  for (const secretKey of [chosen, 'sk-1234', 'pk-chosen-by-the-client']) {
    expect(await createKey(stores, SYSTEM, { ...wish, secretKey })).toMatchObject({
      refused: 'value_invalid',
      facts: { field: 'key' },
    });
  }
  const found = await stores.records.directory.keyByHash(hashOfKey(chosen, PEPPER));
  expect(found).toMatchObject({ name: 'own', teamId: team.id });
  expect(await stores.records.directory.isKeyNameTaken('own')).toBe(true);
  expect(await stores.records.directory.isKeyNameTaken('not taken')).toBe(false);
});

test('who follows a plan has its limits, follows its changes, and loses them with it', async () => {
  const { stores, gate } = quartermaster;
  const team = await quartermaster.team();
  const subject = { kind: 'team', teamId: team.id } as const;
  const meters = async () =>
    (await gate.meters(subject, 'acme')).map(({ meter, max }) => [meter, max]);
  const own = { set: 'limit', kind: 'parallel', model: null, max: 3 } as const;
  await changeCeilings(stores, SYSTEM, subject, [own]);
  const wish = { id: 'small', changes: [requests(7)], metadata: {} };
  expect(await createPlan(stores, SYSTEM, wish)).toMatchObject({ id: 'small' });
  expect(await createPlan(stores, SYSTEM, wish)).toEqual(refuse('plan_exists', { plan: 'small' }));
  await followPlan(stores, SYSTEM, subject, 'small');
  expect(await meters()).toEqual(
    expect.arrayContaining([
      ['requests', 7],
      ['parallel', 3],
    ]),
  );
  await changePlan(stores, SYSTEM, 'small', { changes: [requests(9)] });
  expect(await meters()).toContainEqual(['requests', 9]);
  await removePlan(stores, SYSTEM, 'small');
  expect(await meters()).toEqual([['parallel', 3]]);
  expect(await followPlan(stores, SYSTEM, subject, 'small')).toMatchObject({
    refused: 'plan_unknown',
  });
});
