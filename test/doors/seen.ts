// What stands there, as the records, the gate and each door have it.

import { expect } from 'vitest';
import { verifyAudit } from '../../src/core/audit/verify.ts';
import { verifyAccounts } from '../../src/storage/verify-ledger.ts';
import { GROUPS } from '../bot/bot-for-tests.ts';
import { sorted } from './model.ts';
import type { KeyState, State, TeamName, TeamState } from './model.ts';
import { sayInSlack } from './world.ts';
import type { World } from './world.ts';

const CREDIT = 1_000_000n;
const NANO_USD = 1_000_000_000;
const ENTRIES_MAX = 1_000;
const ANYWHERE = '0'.repeat(32);
const NAMES: readonly TeamName[] = ['a', 'b'];

/** The model without what nobody can see: who was in a team once. */
export function visible(state: State): State {
  const seen = (team: TeamState | undefined) =>
    team && {
      ...team,
      members: Object.fromEntries(
        Object.entries(team.members).filter(([, role]) => role !== 'removed'),
      ),
    };
  return { a: seen(state.a), b: seen(state.b) };
}

/** The teams as the records have them. */
export async function recorded(world: World): Promise<State> {
  const [a, b] = await Promise.all(NAMES.map(async (name) => recordedTeam(world, name)));
  return { a, b };
}

async function recordedTeam(
  { bot, teamIds }: World,
  name: TeamName,
): Promise<TeamState | undefined> {
  const { records } = bot.stores;
  const id = teamIds[name];
  const team = await records.teams.find(id);
  if (team === undefined) {
    return undefined;
  }
  const [account, entries, members, keys] = await Promise.all([
    records.ledger.account(id),
    records.ledger.history(id, ENTRIES_MAX),
    records.members.ofTeam(id),
    records.keys.ofTeam(id),
  ]);
  const rotated = await bot.postgres.auditEntry.findMany({
    where: { action: 'key.rotated', target: { in: keys.map((key) => `key:${key.id}`) } },
  });
  const keyState = (key: (typeof keys)[number]): KeyState => ({
    status: key.status,
    owner: key.userId,
    rotations: rotated.filter(({ target }) => target === `key:${key.id}`).length,
  });
  const [budget, ...moreBudgets] = team.ceilings.budgets;
  const [limit, ...moreLimits] = team.ceilings.limits;
  expect([moreBudgets, moreLimits]).toEqual([[], []]);
  return {
    credits: Number((account?.balance ?? 0n) / CREDIT),
    entries: entries.length,
    status: team.status as TeamState['status'],
    budgetUsd: budget === undefined ? null : Number(budget.maxNanoUsd) / NANO_USD,
    requestsPerMinute: limit?.max ?? null,
    access: sorted([...team.accessGroups, ...team.models]),
    members: Object.fromEntries(members.map(({ userId, role }) => [userId, role])),
    keys: Object.fromEntries(keys.map((key) => [key.name, keyState(key)])),
  };
}

/** What holds of every team at every door, and of the books. */
export async function expectEverywhere(world: World, state: State): Promise<void> {
  for (const name of NAMES) {
    const team = state[name];
    if (team !== undefined) {
      await expectAtGate(world, name, team);
      await expectAtSaas(world, name, team);
      await expectAtLiteLlm(world, name, team);
      await expectInSlack(world, name, team);
    }
  }
  const { postgres, stores } = world.bot;
  expect((await verifyAccounts(postgres)).broken).toEqual([]);
  expect(await verifyAudit(stores.records)).toHaveProperty('end');
}

/** What the next call of each key would meet. */
async function expectAtGate({ bot, ...world }: World, name: TeamName, team: TeamState) {
  const { gate, stores } = bot;
  const subject = { id: world.teamIds[name], organizationId: world.organizationId };
  expect(await gate.balance(subject)).toMatchObject({ spendable: BigInt(team.credits) * CREDIT });
  const meters = await gate.meters({ kind: 'team', teamId: subject.id }, subject.organizationId);
  const maxOf = (kind: string) => meters.find(({ meter }) => meter.startsWith(kind))?.max;
  expect({ budget: maxOf('budget'), requests: maxOf('requests') }).toEqual({
    budget: team.budgetUsd === null ? undefined : team.budgetUsd * NANO_USD,
    requests: team.requestsPerMinute ?? undefined,
  });
  const user = { teamId: subject.id, organizationId: subject.organizationId };
  expect(await gate.allowedModels(user)).toEqual(aliasesOf(team));
  for (const { hash, name: key } of await stores.records.keys.ofTeam(subject.id)) {
    const identity = await gate.identify(hash, '');
    const told = identity && (await gate.probe(identity, ANYWHERE));
    expect([key, told]).toEqual([key, refusalOf(team, team.keys[key])]);
  }
}

function aliasesOf({ access }: TeamState): string[] {
  return sorted(
    access.flatMap((name) => GROUPS.find((group) => group.name === name)?.aliases ?? [name]),
  );
}

function refusalOf(team: TeamState, key: KeyState | undefined): string | undefined {
  const ofTeam = team.status === 'active' ? undefined : `team_${team.status}`;
  return key?.status === 'active' ? ofTeam : `key_${key?.status}`;
}

async function expectAtSaas({ door, teamIds }: World, name: TeamName, team: TeamState) {
  const get = async (path: string) => (await door.ask('GET', path)).json;
  const id = teamIds[name];
  expect(await get(`/api/teams/${id}`)).toMatchObject({ team_id: id, status: team.status });
  expect(await get(`/api/credits/teams/${id}/balance`)).toMatchObject({
    credits_remaining: team.credits,
  });
  const { keys } = await get(`/api/keys?team_id=${id}`);
  expect(statusesOf(keys)).toEqual(statuses(team, () => true));
  const { members } = await get(`/api/teams/${id}/members`);
  expect(rolesOf(members)).toEqual(team.members);
  const { limits, budgets } = await get(`/api/teams/${id}/limits`);
  expect([limits, budgets]).toMatchObject([
    team.requestsPerMinute === null ? [] : [{ kind: 'requests', max: team.requestsPerMinute }],
    team.budgetUsd === null ? [] : [{ max_usd: team.budgetUsd }],
  ]);
}

/** Keys that were revoked are gone there. */
async function expectAtLiteLlm({ door, teamIds }: World, name: TeamName, team: TeamState) {
  const { json } = await door.ask('GET', `/team/info?team_id=${teamIds[name]}`);
  const { team_info: info, keys } = json;
  expect(info).toMatchObject({
    blocked: team.status !== 'active',
    max_budget: team.budgetUsd,
    rpm_limit: team.requestsPerMinute,
  });
  const listed = team.access.length === 0 ? ['no-default-models'] : team.access;
  expect(sorted(info.models)).toEqual(listed);
  expect(rolesOf(info.members_with_roles)).toEqual(team.members);
  const blocked = keys.map((key: { key_alias: string; blocked: boolean | null }) => [
    key.key_alias,
    key.blocked === true ? 'blocked' : 'active',
  ]);
  expect(Object.fromEntries(blocked)).toEqual(statuses(team, (status) => status !== 'revoked'));
}

async function expectInSlack(world: World, name: TeamName, team: TeamState) {
  const id = world.teamIds[name];
  const card = await sayInSlack(world, { text: `/team show ${id}` });
  expect(card).toContain(`*${team.credits} credit${team.credits === 1 ? '' : 's'}* spendable`);
  const keys = await sayInSlack(world, { text: `/team key list ${id}` });
  const members = await sayInSlack(world, { text: `/team members ${id}` });
  for (const key of Object.keys(team.keys)) {
    expect(keys).toContain(key);
  }
  for (const person of Object.keys(team.members)) {
    expect(members).toContain(`\`${person}\``);
  }
}

function statuses(team: TeamState, counts: (status: KeyState['status']) => boolean) {
  const shown = Object.entries(team.keys).filter(([, { status }]) => counts(status));
  return Object.fromEntries(shown.map(([name, { status }]) => [name, status]));
}

function statusesOf(rows: readonly { name: string; status: string }[]) {
  return Object.fromEntries(rows.map(({ name, status }) => [name, status]));
}

function rolesOf(rows: readonly { user_id: string; role: string }[]) {
  return Object.fromEntries(rows.map(({ user_id: id, role }) => [id, role]));
}
