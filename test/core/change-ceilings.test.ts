import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import type { CeilingChange } from '../../src/core/ceilings/change.ts';
import { readCeilings } from '../../src/core/ceilings/read-ceilings.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { createOrganization } from '../../src/core/organizations/create-organization.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import type { OrganizationChange } from '../../src/core/organizations/update-organization.ts';
import { isRefusal, publicSentence } from '../../src/core/refusals.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

const USD = 1_000_000_000n;

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const requests = (max: number): CeilingChange => ({
  set: 'limit',
  kind: 'requests',
  model: null,
  max,
});
const budget = (usd: bigint, duration: string | null = '1d'): CeilingChange => ({
  set: 'budget',
  duration,
  model: null,
  maxNanoUsd: usd * USD,
});
const change = async (subject: Subject, ...changes: CeilingChange[]) =>
  changeCeilings(qm.stores, SYSTEM, subject, changes);
const update = async (id: string, wish: OrganizationChange) =>
  updateOrganization(qm.stores, SYSTEM, id, wish);

/** An organization of its own, with a person in it and in its one team. */
async function newOrganization(id: string) {
  await createOrganization(qm.stores, SYSTEM, { id, name: id });
  const team = await qm.team({ organizationId: id, id: `${id}-team` });
  const user = { organizationId: id, id: 'ann@acme.com' };
  const { users, members } = qm.stores.records;
  await users.insert({
    ...user,
    name: 'Ann',
    email: null,
    ceilings: { limits: [], budgets: [] },
    metadata: {},
  });
  await members.insert({
    teamId: team.id,
    userId: user.id,
    organizationId: id,
    role: 'user',
    ceilings: { limits: [], budgets: [] },
  });
  const subjects: Subject[] = [
    { kind: 'organization', organizationId: id },
    { kind: 'team', teamId: team.id },
    { kind: 'key', keyId: team.keyId },
    { kind: 'user', organizationId: id, userId: user.id },
    { kind: 'member', teamId: team.id, userId: user.id },
  ];
  return { team, subjects };
}

test('every kind of subject is changed in the gate at once, on record, and told by the outbox', async () => {
  const { subjects } = await newOrganization('each');
  for (const subject of subjects) {
    expect(await change(subject, requests(5), budget(3n))).toMatchObject({ changed: true });
    expect(await readCeilings(qm.stores, subject)).toMatchObject({
      organizationId: 'each',
      isGateAway: false,
      limits: [{ limit: { max: 5 }, now: { used: 0, max: 5 } }],
      budgets: [{ budget: { maxNanoUsd: 3n * USD }, now: { max: Number(3n * USD) } }],
    });
    expect(await change(subject, requests(5), budget(3n))).toMatchObject({ changed: false });
  }
  const audited = await qm.postgres.auditEntry.findMany({
    where: { action: { endsWith: '.ceilings_changed' } },
    orderBy: { id: 'asc' },
  });
  expect(audited.map(({ target }) => target.split(':')[0])).toEqual(subjects.map((s) => s.kind));
  expect(audited[1]).toMatchObject({
    target: 'team:each-team',
    before: { limits: [], budgets: [] },
    after: { limits: [{ kind: 'requests', max: 5 }], budgets: [{ maxUsd: '3.00' }] },
  });
  const told = await qm.postgres.outboxEvent.findMany({ orderBy: { id: 'desc' }, take: 5 });
  expect(told.map(({ kind }) => kind).toReversed()).toEqual(
    subjects.map((s) => `${s.kind}.changed`),
  );
});

test.each<[Subject, string]>([
  [{ kind: 'organization', organizationId: 'nobody' }, "Organization 'nobody' not found"],
  [{ kind: 'team', teamId: 'nobody' }, "Team 'nobody' not found"],
  [{ kind: 'key', keyId: 'nobody' }, "Key 'nobody' not found"],
  [{ kind: 'key', keyId: 'a\0b' }, 'not found'],
  [{ kind: 'user', organizationId: 'nobody', userId: 'x' }, "Organization 'nobody' not found"],
  [{ kind: 'user', organizationId: 'known', userId: 'x\0' }, "not found in organization 'known'"],
  [{ kind: 'member', teamId: 'nobody', userId: 'x' }, "Team 'nobody' not found"],
  [{ kind: 'member', teamId: 'known-team', userId: 'x' }, "'x' is not a member of team"],
])('%o is refused as unknown and made by nothing', async (subject, said) => {
  if ((await qm.stores.records.organizations.find('known')) === undefined) {
    await newOrganization('known');
  }
  for (const answer of [
    await change(subject, requests(1)),
    await readCeilings(qm.stores, subject),
  ]) {
    expect(isRefusal(answer) && publicSentence(answer)).toContain(said);
  }
});

test('a part that is refused undoes the whole change', async () => {
  const { subjects } = await newOrganization('whole');
  const [, team] = subjects as [Subject, Subject];
  expect(await change(team, requests(5), budget(-1n))).toMatchObject({ refused: 'value_invalid' });
  expect(await readCeilings(qm.stores, team)).toMatchObject({ limits: [], budgets: [] });
});

test('changes that come at once are all kept', async () => {
  const { team } = await newOrganization('together');
  const subject: Subject = { kind: 'team', teamId: team.id };
  await Promise.all(
    Array.from({ length: 8 }, async (_, at) =>
      change(subject, { set: 'budget', duration: `${at + 1}h`, model: null, maxNanoUsd: 1n }),
    ),
  );
  expect(await readCeilings(qm.stores, subject)).toMatchObject({ budgets: { length: 8 } });
});

describe('over-allocation', () => {
  const org = (organizationId: string): Subject => ({ kind: 'organization', organizationId });
  const team = (teamId: string): Subject => ({ kind: 'team', teamId });

  async function withTeams(id: string) {
    await newOrganization(id);
    await qm.team({ organizationId: id, id: `${id}-other` });
    await change(org(id), requests(10), budget(100n));
    expect(await update(id, { overAllocation: 'refused' })).toMatchObject({
      overAllocation: 'refused',
    });
  }

  test('is refused from both sides, and where it is switched on', async () => {
    await withTeams('tight');
    await change(team('tight-team'), requests(6), budget(60n));
    const answer = await change(team('tight-other'), requests(5));
    expect(isRefusal(answer) && publicSentence(answer)).toBe(
      "The teams of organization 'tight' would be allowed 11 together, and it has 10 (requests a minute).",
    );
    const dear = await change(team('tight-other'), budget(41n));
    expect(isRefusal(dear) && publicSentence(dear)).toContain(
      '101.00 USD together, and it has 100',
    );
    expect(await change(team('tight-other'), requests(4), budget(40n))).toMatchObject({
      changed: true,
    });
    expect(await change(org('tight'), requests(9))).toMatchObject({ refused: 'over_allocated' });
    expect(await readCeilings(qm.stores, org('tight'))).toMatchObject({
      limits: [{ limit: { max: 10 }, now: { max: 10 } }],
    });
    await update('tight', { overAllocation: 'allowed' });
    expect(await change(org('tight'), requests(9))).toMatchObject({ changed: true });
    expect(await update('tight', { overAllocation: 'refused' })).toMatchObject({
      refused: 'over_allocated',
    });
  });

  test('concerns the same kind, duration and model alone, and no boost', async () => {
    await withTeams('loose');
    const until = { untilMs: qm.nowMs() + 60_000 };
    expect(
      await change(
        team('loose-team'),
        budget(500n, '7d'),
        { set: 'limit', kind: 'parallel', model: null, max: 99 },
        { set: 'limit', kind: 'requests', model: 'gpt-4o', max: 99 },
        { set: 'limit', kind: 'requests', model: null, max: 10, boost: { by: 90, ...until } },
      ),
    ).toMatchObject({ changed: true });
  });

  test('cannot come about by two changes at once', async () => {
    await withTeams('race');
    const answers = await Promise.all([
      change(team('race-team'), requests(6)),
      change(team('race-other'), requests(6)),
      change(team('race-team'), budget(60n)),
      change(team('race-other'), budget(60n)),
    ]);
    expect(answers.filter(isRefusal)).toHaveLength(2);
  });
});

describe('a time zone', () => {
  test('moves the boundaries of every budget of the calendar, with an event for each in its transaction', async () => {
    const { subjects } = await newOrganization('zone');
    for (const subject of subjects) {
      await change(subject, budget(1n));
    }
    const resets = async () =>
      Promise.all(
        subjects.map(async (subject) =>
          (await qm.gate.meters(subject, 'zone'))[0]?.resetsAt?.toISOString(),
        ),
      );
    expect(new Set(await resets())).toEqual(new Set(['2027-07-15T00:00:00.000Z']));
    const [last] = await qm.postgres.outboxEvent.findMany({ orderBy: { id: 'desc' }, take: 1 });
    await update('zone', { timeZone: 'Europe/Berlin' });
    expect(new Set(await resets())).toEqual(new Set(['2027-07-14T22:00:00.000Z']));
    const told = await qm.postgres.outboxEvent.findMany({ where: { id: { gt: last?.id ?? 0n } } });
    expect(told.map(({ kind }) => kind).sort()).toEqual(
      subjects.map((s) => `${s.kind}.changed`).sort(),
    );
    expect(told.find(({ kind }) => kind === 'member.changed')?.payload).toEqual({
      teamId: 'zone-team',
      memberId: 'ann@acme.com',
    });
  });

  test('leaves subjects without such budgets alone', async () => {
    const { team } = await newOrganization('calm');
    await change({ kind: 'team', teamId: team.id }, requests(5), budget(1n, null));
    const version = async () => (await qm.stores.records.teams.find(team.id))?.version;
    const before = await version();
    await update('calm', { timeZone: 'Asia/Tokyo' });
    expect(await version()).toBe(before);
  });

  test.each([
    ['Mars/Olympus', '"Mars/Olympus" is not a time zone'],
    ['Berlin', 'perhaps "Europe/Berlin" is meant'],
    ['+02:00', 'is an offset'],
    ['', 'it is empty'],
  ])('“%s” does not exist, and nothing is changed', async (timeZone, said) => {
    if ((await qm.stores.records.organizations.find('earth')) === undefined) {
      await newOrganization('earth');
    }
    const answer = await update('earth', { timeZone, name: 'Earth' });
    expect(isRefusal(answer) && publicSentence(answer)).toContain(said);
    expect((await qm.stores.records.organizations.find('earth'))?.name).toBe('earth');
  });

  test('of an organization that does not exist is refused', async () => {
    expect(await update('no\0body', { timeZone: 'UTC' })).toMatchObject({
      refused: 'organization_unknown',
    });
  });
});
