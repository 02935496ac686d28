// The real gate beside its model: every action is done to both, and both must say the same.

import { expect } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { isRepeated } from '../../src/core/change.ts';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import { projectionOf } from '../../src/core/ceilings/subject-records.ts';
import { subjectText } from '../../src/core/ceilings/subject.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { watchEndUsers } from '../../src/core/end-users/watch-end-users.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { GateUnavailable } from '../../src/core/faults.ts';
import type { AdmissionAsk, KeyIdentity, Verdict } from '../../src/core/gateway/gate.ts';
import { newId } from '../../src/core/ids.ts';
import { rotateKey } from '../../src/core/keys/change-key.ts';
import { hashOfKey, newSecretKey, UNBOUND_KEY } from '../../src/core/keys/virtual-key.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { drainShard } from '../../src/storage/drain.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { askOf, settlementOfAsk } from '../support/gate-calls.ts';
import { PEPPER } from '../support/quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { Action, KeyName, SubjectName } from './gate-actions.ts';
import { CREDIT, GateModel } from './gate-model.ts';
import type { ModelCall, ModelKey, ModelSubject, ModelTeam } from './gate-model.ts';

const CREDITS_AT_FIRST = 3n;

interface RealKey {
  readonly keyId: string;
  identity: KeyIdentity;
}

interface RealCall {
  readonly ask: AdmissionAsk;
  readonly taken: string;
  readonly inModel: ModelCall;
  readonly wish: { readonly cost: number; readonly tokens: number };
}

export interface World {
  readonly qm: TimedQuartermaster;
  readonly model: GateModel;
  readonly organizationId: string;
  readonly subjects: Readonly<Record<SubjectName, { model: ModelSubject; real: Subject }>>;
  readonly teams: Readonly<Record<'team-a' | 'team-b', { id: string; model: ModelTeam }>>;
  readonly keys: Readonly<Record<KeyName, { model: ModelKey; real: RealKey }>>;
  readonly calls: RealCall[];
}

let worlds = 0;
const END_USER = 'customer 7/b';

/** A new organization with two teams, three keys, one person and one end user. */
export async function createWorld(qm: TimedQuartermaster): Promise<World> {
  worlds += 1;
  const organizationId = `org-${worlds}`;
  const [a, b] = [`a-${worlds}`, `b-${worlds}`];
  const wish = { organizationId, createOrganization: true, credits: CREDITS_AT_FIRST * CREDIT };
  const madeA = await qm.team({ ...wish, id: a });
  const madeB = await qm.team({ ...wish, id: b });
  const userId = 'ann@acme.com';
  const secretKey = newSecretKey();
  const keyOfUser = newId();
  await qm.stores.records.change(async (records) => {
    const person = { organizationId, ceilings: NO_CEILINGS };
    await records.users.insert({ ...person, id: userId, name: 'Ann', email: null, metadata: {} });
    await records.members.insert({ ...person, teamId: a, userId, role: 'user' });
    await records.endUsers.insert({ organizationId, id: END_USER, alias: null, metadata: {} });
    await records.keys.insert({
      ...UNBOUND_KEY,
      id: keyOfUser,
      hash: hashOfKey(secretKey, PEPPER),
      teamId: a,
      organizationId,
      name: 'of Ann',
      lastFour: secretKey.slice(-4),
      userId,
      createdBy: 'test',
    });
    return undefined;
  });
  const subject = (real: Subject): ModelSubject => ({
    name: subjectText(real),
    status: 'active',
    ceilings: NO_CEILINGS,
    windows: new Map(),
  });
  const money = { funded: CREDITS_AT_FIRST * CREDIT, charged: 0n, overdraft: 0n };
  const real: Record<SubjectName, Subject> = {
    organization: { kind: 'organization', organizationId },
    'team-a': { kind: 'team', teamId: a },
    'team-b': { kind: 'team', teamId: b },
    'key-a': { kind: 'key', keyId: madeA.keyId },
    user: { kind: 'user', organizationId, userId },
    member: { kind: 'member', teamId: a, userId },
    'end-user': { kind: 'end_user', organizationId, endUserId: END_USER },
  };
  const organization = subject(real.organization);
  const teamA = { ...subject(real['team-a']), ...money };
  const teamB = { ...subject(real['team-b']), ...money };
  const [user, member] = [subject(real.user), subject(real.member)];
  const keyOf = (keyId: string, team: ModelTeam, people: readonly ModelSubject[]): ModelKey => ({
    ...subject({ kind: 'key', keyId }),
    team,
    people,
    expiresAtMs: undefined,
  });
  const keyA = keyOf(madeA.keyId, teamA, []);
  const identify = async (key: string): Promise<KeyIdentity> => {
    const identity = await qm.gate.identify(hashOfKey(key, PEPPER), '');
    return identity as KeyIdentity;
  };
  const realKey = async (keyId: string, key: string) => ({ keyId, identity: await identify(key) });
  return {
    qm,
    model: new GateModel(qm.nowMs(), organization),
    organizationId,
    subjects: {
      organization: { model: organization, real: real.organization },
      'team-a': { model: teamA, real: real['team-a'] },
      'team-b': { model: teamB, real: real['team-b'] },
      'key-a': { model: keyA, real: real['key-a'] },
      user: { model: user, real: real.user },
      member: { model: member, real: real.member },
      'end-user': { model: subject(real['end-user']), real: real['end-user'] },
    },
    teams: { 'team-a': { id: a, model: teamA }, 'team-b': { id: b, model: teamB } },
    keys: {
      'key-a': { model: keyA, real: await realKey(madeA.keyId, madeA.secretKey) },
      'key-b': {
        model: keyOf(madeB.keyId, teamB, []),
        real: await realKey(madeB.keyId, madeB.secretKey),
      },
      'key-of-user': {
        model: keyOf(keyOfUser, teamA, [member, user]),
        real: await realKey(keyOfUser, secretKey),
      },
    },
    calls: [],
  };
}

/** Does one action to both; fails where they answer differently. */
export async function perform(world: World, action: Action): Promise<void> {
  const { qm, model, teams, keys, subjects } = world;
  switch (action.do) {
    case 'call':
      return call(world, action);
    case 'settle':
    case 'mark':
      return endOrMark(world, action);
    case 'pass':
      await qm.passSeconds(action.seconds);
      model.nowMs = qm.nowMs();
      return;
    case 'drain':
      await qm.drain();
      model.drain();
      return;
    case 'drain-and-die':
      await drainAndDie(world);
      model.drain();
      return;
    case 'flush':
      return flush(world);
    case 'expire':
      return expire(world, action);
    case 'reap': {
      const shard = qm.gate.shards[shardOf(world.organizationId)] as ShardKeys;
      await reapShard(qm.gate, qm.source, shard, qm.nowMs());
      model.reap();
      return;
    }
    case 'top-up': {
      const { id, model: team } = teams[action.team];
      const amount = BigInt(action.credits) * CREDIT;
      await topUp(qm.stores, SYSTEM, { teamId: id, amount, reason: 'test', reference: newId() });
      team.funded += amount;
      return;
    }
    case 'rotate': {
      const { real } = keys[action.key];
      const wish = { keyId: real.keyId, graceMs: 0 };
      const rotated = await rotateKey(qm.stores, SYSTEM, wish);
      if (isRefusal(rotated) || isRepeated(rotated)) {
        throw new Error('the key was not rotated');
      }
      const hash = hashOfKey(rotated.secretKey, PEPPER);
      real.identity = (await qm.gate.identify(hash, '')) as KeyIdentity;
      return;
    }
    case 'ceilings': {
      subjects[action.of].model.ceilings = action.ceilings;
      return change(world, action.of, { ceilings: action.ceilings });
    }
    case 'status':
      return setStatus(world, action);
    case 'lose':
      return lose(world, action.record);
  }
}

/** What must hold after every step. */
export async function checkWorld(world: World): Promise<void> {
  const { teams, subjects } = world;
  await Promise.all([
    ...Object.values(teams).map(async (team) => checkMoney(world, team)),
    ...Object.values(subjects).map(async (subject) => checkMeters(world, subject)),
  ]);
}

async function checkMoney(
  { qm, model, organizationId }: World,
  { id, model: team }: World['teams']['team-a'],
): Promise<void> {
  const balance = await qm.gate.balance({ id, organizationId });
  const { charged, funded } = team;
  expect(balance).toMatchObject({ spendable: model.spendable(team), charged, funded });
  expect(balance.spendable + team.overdraft).toBeGreaterThanOrEqual(0n);
}

async function checkMeters(
  { qm, model, organizationId }: World,
  { model: subject, real }: World['subjects']['user'],
): Promise<void> {
  const readings = await qm.gate.meters(real, organizationId);
  const told = readings.map(({ meter, max, used, held }) => ({ meter, max, used, held }));
  expect(told).toEqual(model.readings(subject));
}

/** Gate, ledger and events agree, and what budgets spent stands in the records. */
export async function checkRecords(world: World): Promise<void> {
  const { qm, model, teams } = world;
  await qm.drain();
  for (const { id, model: team } of Object.values(teams)) {
    expect(await qm.drift(id)).toBe(0n);
    expect(await qm.stores.records.ledger.account(id)).toMatchObject({
      used: team.charged,
      funded: team.funded,
    });
  }
  const names = Object.values(world.subjects).map(({ model: subject }) => subject.name);
  const spends = await qm.postgres.budgetSpend.findMany({ where: { subject: { in: names } } });
  const recorded = spends.map(
    (one) =>
      [`${one.subject} ${one.meter} ${one.startsAt.getTime()}`, Number(one.spentNanoUsd)] as const,
  );
  const expected = [...model.spends].filter(
    ([place, spent]) => spent > 0 && names.some((name) => place.startsWith(`${name} `)),
  );
  expect(new Map(recorded)).toEqual(new Map(expected));
}

async function call(world: World, action: Extract<Action, { do: 'call' }>): Promise<void> {
  const { qm, model, keys, calls, subjects } = world;
  const { model: key, real } = keys[action.key];
  const named = action.isForEndUser
    ? { endUser: subjects['end-user'].model, endUserId: END_USER }
    : { endUser: undefined };
  const { cost, tokens } = action;
  const nothing = { outputPicoUsdPerToken: 0, outputCap: 0, minimumOutputCap: 0 };
  const bound = { ...nothing, inputNanoUsd: cost, inputTokens: tokens };
  const ask = askOf(real.identity, { bound, endUserId: named.endUserId });
  const verdict = await admitWhenUp(qm, ask);
  const { endUser } = named;
  const expected = model.admit(key, { id: ask.reservationId, endUser, cost, tokens });
  if (verdict.admitted || expected.admitted) {
    expect({ verdict, admitted: verdict.admitted }).toMatchObject({ admitted: expected.admitted });
    if (verdict.admitted) {
      const inModel = model.calls.at(-1) as ModelCall;
      calls.push({ ask, taken: verdict.taken, inModel, wish: { cost, tokens } });
    }
    return;
  }
  expect(verdict.code).toBe(expected.code);
  if (expected.hit !== undefined && verdict.code === 'ceiling_reached') {
    const { hit } = verdict;
    expect({
      subject: hit && subjectText(hit.subject),
      meter: hit?.meter,
      used: hit?.used,
      wait: hit?.waitSeconds,
    }).toEqual(expected.hit);
  }
}

async function endOrMark(
  { qm, model, calls }: World,
  action: Extract<Action, { do: 'settle' | 'mark' }>,
): Promise<void> {
  const one = calls[action.call % Math.max(1, calls.length)];
  if (one === undefined) {
    return;
  }
  const { ask, taken, inModel, wish } = one;
  const part = (whole: number): number => Math.floor((whole * action.percent) / 100);
  const [cost, tokens] = [part(wish.cost), part(wish.tokens)];
  const charge = (CREDIT * BigInt(action.percent)) / 100n;
  const end = settlementOfAsk(ask, {
    charge,
    costNanoUsd: BigInt(cost),
    inputTokens: tokens,
    outputTokens: 0,
    taken,
  });
  if (action.do === 'mark') {
    await qm.gate.mark([end]);
    model.mark(inModel, charge, cost, tokens);
    return;
  }
  const settled = await qm.gate.settle(end);
  const expected = model.settle(inModel, charge, cost, tokens);
  expect(BigInt(settled.chargedMicrocredits)).toBe(expected);
}

async function setStatus(
  world: World,
  { of, status }: Extract<Action, { do: 'status' }>,
): Promise<void> {
  const { qm, keys } = world;
  if (of === 'key-b') {
    const { model, real } = keys[of];
    model.status = status;
    const wish = { status: status as 'active' | 'blocked' };
    await qm.stores.records.keys.update(real.keyId, wish);
    await qm.gate.project({ keyId: real.keyId });
    return;
  }
  world.subjects[of].model.status = status;
  await change(world, of, { status: status as Status });
}

type Status = 'active' | 'suspended' | 'paused';
type Change = Pick<ModelSubject, 'ceilings'> | { status: Status };

/** Writes to the records and tells the gate, as every operation does. */
async function change(world: World, of: SubjectName, what: Change): Promise<void> {
  const { records } = world.qm.stores;
  const { real } = world.subjects[of];
  switch (real.kind) {
    case 'organization':
      await records.organizations.update(real.organizationId, what);
      break;
    case 'team':
      await records.teams.update(real.teamId, what);
      break;
    case 'key':
      await records.keys.update(real.keyId, 'ceilings' in what ? what : {});
      break;
    case 'user':
      await records.users.update(real.organizationId, real.userId, 'ceilings' in what ? what : {});
      break;
    case 'member':
      await records.members.update(real.teamId, real.userId, 'ceilings' in what ? what : {});
      break;
    case 'end_user':
      await changeEndUser(world, real, what);
  }
  await world.qm.gate.project(projectionOf(real));
}

async function changeEndUser(
  { qm }: World,
  { organizationId, endUserId }: Extract<Subject, { kind: 'end_user' }>,
  what: Change,
): Promise<void> {
  const status = 'status' in what && what.status !== 'active' ? 'blocked' : 'active';
  const { endUsers } = qm.stores.records;
  await endUsers.update(organizationId, endUserId, 'status' in what ? { status } : what);
  await watchEndUsers(qm.stores.records, organizationId);
  await qm.gate.project({ organizationId });
}

/** A gate that was just brought up to date may find so once more; a call that it turns away changes nothing. */
async function admitWhenUp(qm: TimedQuartermaster, ask: AdmissionAsk): Promise<Verdict> {
  for (;;) {
    try {
      return await qm.gate.admit(ask);
    } catch (error) {
      expect(error).toBeInstanceOf(GateUnavailable);
      expect((error as Error).message).toContain('being brought up to date');
      await expect.poll(() => qm.gate.isUp(), { interval: 5, timeout: 10_000 }).toBe(true);
    }
  }
}

/** A worker ends after its commit and before it trims the stream; the next one goes on. */
async function drainAndDie({ qm, organizationId }: World): Promise<void> {
  const { connection } = qm.gate;
  const redis = new Proxy(connection.redis, {
    get(real, name) {
      if (name === 'pipeline') {
        throw new Error('the worker dies here');
      }
      const value: unknown = Reflect.get(real, name, real);
      return typeof value === 'function' ? value.bind(real) : value;
    },
  });
  const shard = qm.gate.shards[shardOf(organizationId)] as ShardKeys;
  await drainShard(qm.postgres, { ...qm.gate, connection: { ...connection, redis } }, shard).catch(
    (error: unknown) => expect((error as Error).message).toBe('the worker dies here'),
  );
}

/** The time that proxies are given to bring an emptied Redis up to date. */
const GRACE_SECONDS = 2;

async function flush({ qm, model, subjects, keys }: World): Promise<void> {
  await qm.forget();
  await Promise.all(qm.gate.shards.map(async ({ shard }) => qm.gate.renew(shard)));
  await expect.poll(() => qm.gate.isUp(), { interval: 5, timeout: 10_000 }).toBe(true);
  const all = [...Object.values(subjects), ...Object.values(keys)];
  model.forget(all.map((one) => one.model));
  await qm.passSeconds(GRACE_SECONDS);
  model.nowMs = qm.nowMs();
}

async function expire(
  { qm, model, keys }: World,
  { key, seconds }: Extract<Action, { do: 'expire' }>,
): Promise<void> {
  const one = keys[key];
  one.model.expiresAtMs = model.nowMs + seconds * 1_000;
  const expiresAt = new Date(one.model.expiresAtMs);
  await qm.stores.records.keys.update(one.real.keyId, { expiresAt });
  await qm.gate.project({ keyId: one.real.keyId });
}

/** Redis forgets one record: money, budgets and open calls are known elsewhere, a minute's rates are not. */
async function lose({ qm, subjects, organizationId }: World, name: SubjectName): Promise<void> {
  const { model, real } = subjects[name];
  const shard = qm.gate.shards[shardOf(organizationId)] as ShardKeys;
  await qm.gate.connection.redis.del(shard.subject(real));
  model.windows.clear();
}
