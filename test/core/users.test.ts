import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { addMember, updateMember } from '../../src/core/members/members.ts';
import { createUser, updateUser } from '../../src/core/members/users.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
  await qm.team();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const trailOf = async (target: string) => {
  const lines = await qm.postgres.auditEntry.findMany({
    where: { target },
    orderBy: { id: 'asc' },
  });
  return lines.map((line) => line.action);
};

test('a person is made once, of one customer, and leaves a trail', async () => {
  const wish = { organizationId: 'acme', id: 'ann', name: 'Ann', email: 'ann@acme.com' };
  const made = await Promise.all([1, 2, 3].map(async () => createUser(qm.stores, SYSTEM, wish)));
  expect(made.filter((each) => 'refused' in each)).toHaveLength(2);
  expect(await qm.stores.records.users.find('acme', 'ann')).toMatchObject(wish);
  const place = { organizationId: 'acme', id: 'ann' };
  const changed = await updateUser(qm.stores, SYSTEM, place, { name: 'Ann B.', email: null });
  expect(changed).toMatchObject({ name: 'Ann B.', email: null });
  expect(await trailOf('user:acme/ann')).toEqual(['user.created', 'user.updated']);
});

test('what cannot be a person is refused, and nothing is written', async () => {
  const user = { organizationId: 'acme', id: 'bob' };
  const refusals = await Promise.all([
    createUser(qm.stores, SYSTEM, { ...user, organizationId: 'nobody' }),
    createUser(qm.stores, SYSTEM, { ...user, id: 'a b' }),
    createUser(qm.stores, SYSTEM, { ...user, email: 'nobody' }),
    createUser(qm.stores, SYSTEM, { ...user, name: 'x'.repeat(121) }),
    updateUser(qm.stores, SYSTEM, user, { name: 'Bob' }),
  ]);
  expect(refusals.map((each) => ('refused' in each ? each.refused : 'done'))).toEqual([
    'organization_unknown',
    'value_invalid',
    'value_invalid',
    'value_invalid',
    'user_unknown',
  ]);
  expect(await qm.stores.records.users.find('acme', 'bob')).toBeUndefined();
});

test('of many who add one person at once, one does', async () => {
  const { id: teamId } = await qm.team();
  const wish = { teamId, userId: 'cleo', createUser: true };
  const added = await Promise.all([1, 2, 3, 4].map(async () => addMember(qm.stores, SYSTEM, wish)));
  const refused = added.flatMap((each) => ('refused' in each ? [each.refused] : []));
  expect(refused.filter((code) => code !== 'member_exists')).toEqual([]);
  expect(await qm.stores.records.members.ofTeam(teamId)).toHaveLength(1);
  expect(await trailOf(`member:${teamId}/cleo`)).toEqual(['member.added']);
  const asked = { teamId, userId: 'cleo', role: 'admin' } as const;
  expect(await updateMember(qm.stores, SYSTEM, asked)).toMatchObject({ role: 'admin' });
  await updateMember(qm.stores, SYSTEM, asked);
  expect(await trailOf(`member:${teamId}/cleo`)).toEqual(['member.added', 'member.updated']);
});
