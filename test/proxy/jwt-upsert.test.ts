import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { rotateKey } from '../../src/core/keys/change-key.ts';
import { removeMember } from '../../src/core/members/members.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { configWithJwt, startIssuer } from '../support/issuer.ts';
import type { Issuer } from '../support/issuer.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let issuer: Issuer;
let qm: Quartermaster;
let closed: Quartermaster;
beforeAll(async () => {
  issuer = await startIssuer();
  const open = `
team_id_jwt_field: team
team_ids_jwt_field: groups
team_id_default: everybody
team_id_upsert: true
org_id_jwt_field: org
org_id_default: acme
user_id_jwt_field: sub
user_email_jwt_field: email
user_id_upsert: true
user_allowed_email_domain: acme.com
user_roles_jwt_field: realm_access.roles
user_allowed_roles: [developer, operator]
new_team:
  access_groups: [gpt-models]
  credits: 12.5
  budget_usd: 20
  budget_duration: 30d
  requests_per_minute: 3
`;
  qm = await startQuartermaster({ configText: configWithJwt(issuer, open) });
  const strict = 'team_id_jwt_field: team\nuser_id_jwt_field: sub';
  closed = await startQuartermaster({ configText: configWithJwt(issuer, strict) });
});
afterAll(async () => {
  await qm[Symbol.asyncDispose]();
  await closed[Symbol.asyncDispose]();
  await issuer[Symbol.asyncDispose]();
});

const signed = async (claims: object) =>
  issuer.sign({ email: 'ann@acme.com', realm_access: { roles: ['developer'] }, ...claims });
const told = async (server: Quartermaster, jwt: string, path = '/v1/chat/completions') => {
  const response =
    path === '/v1/chat/completions'
      ? await server.call(jwt)
      : await fetch(server.url + path, { headers: { authorization: `Bearer ${jwt}` } });
  const json = (await response.json()) as { error?: { code: string; message: string } };
  return { status: response.status, ...json.error };
};

describe('a team that nobody knew', () => {
  test('is made with its settings, credits, budget and limits, which hold at once', async () => {
    const another = await qm.anotherProxy();
    const jwts = await Promise.all(
      ['una', 'uwe', 'ugo'].map(async (sub) => signed({ team: 'fresh', org: 'newcomer', sub })),
    );
    const answers = await Promise.all(jwts.map(async (jwt) => told(qm, jwt)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await qm.stores.records.teams.find('fresh')).toMatchObject({
      organizationId: 'newcomer',
      accessGroups: ['gpt-models'],
      limitPolicy: 'hard',
      ceilings: {
        limits: [{ kind: 'requests', max: 3 }],
        budgets: [{ maxNanoUsd: 20_000_000_000n }],
      },
    });
    expect((await qm.stores.records.ledger.account('fresh'))?.funded).toBe(12_500_000n);
    expect(await told(qm, jwts[0] ?? '')).toMatchObject({
      status: 429,
      code: 'request_limit_reached',
    });
    await another.close();
  });
  test('leaves no key alive that nobody holds', async () => {
    const keys = await qm.stores.records.keys.ofTeam('fresh');
    const alive = keys.filter(({ status }) => status === 'active').map(({ name }) => name);
    expect(alive.sort()).toEqual(['jwt:ugo', 'jwt:una', 'jwt:uwe']);
  });
  test('belongs to the default organization where the JWT names none', async () => {
    expect(await told(qm, await signed({ team: 'ours', sub: 'ann' }))).toMatchObject({
      status: 200,
    });
    expect(await qm.stores.records.teams.find('ours')).toMatchObject({ organizationId: 'acme' });
  });
  test('is not made of a group of the directory', async () => {
    const jwt = await signed({ groups: ['all-staff', 'printers'], sub: 'ann' });
    expect(await told(qm, jwt)).toMatchObject({ status: 403, code: 'jwt_team_unknown' });
    expect(await qm.stores.records.teams.find('all-staff')).toBeUndefined();
  });
  test('is the default one for a JWT that names none', async () => {
    expect(await told(qm, await signed({ sub: 'ann' }))).toMatchObject({ status: 200 });
    expect(await qm.stores.records.teams.find('everybody')).toBeDefined();
  });
  test('is not made of what can be no id', async () => {
    const answer = await told(qm, await signed({ team: 'no such/team', sub: 'ann' }));
    expect(answer).toMatchObject({ status: 403, code: 'jwt_denied' });
  });
  test('is refused where teams are not made', async () => {
    const answer = await told(closed, await signed({ team: 'fresh', sub: 'ann' }));
    expect(answer).toMatchObject({ status: 403, code: 'jwt_team_unknown' });
  });
});

test("a team of LiteLLM's block may use every model, and is bounded by its budget", async () => {
  const { url } = issuer;
  const text = configWithJwt(issuer, '').replace(/^jwt:[^]*/m, '');
  await using server = await startQuartermaster({
    configText: `${text}
general_settings:
  enable_jwt_auth: true
  litellm_jwtauth: { team_id_jwt_field: team, team_id_upsert: true }
litellm_settings:
  default_team_params: { max_budget: 0.000001, budget_duration: 30d }
`,
    addresses: { JWT_PUBLIC_KEY_URL: url },
  });
  const jwt = await signed({ team: 'drop-in' });
  expect(await told(server, jwt)).toMatchObject({ status: 429, code: 'budget_exceeded' });
  const subject = { kind: 'team', teamId: 'drop-in' } as const;
  const budget = { set: 'budget', duration: '30d', model: null, maxNanoUsd: 10n ** 9n } as const;
  await changeCeilings(server.stores, SYSTEM, subject, [budget]);
  expect(await told(server, jwt)).toMatchObject({ status: 200 });
});

describe('a person who is new', () => {
  test('becomes a user with an email address and a member, and their own limit holds', async () => {
    const { id: teamId } = await qm.team();
    const jwt = await signed({ team: teamId, sub: 'lim' });
    expect(await told(qm, jwt)).toMatchObject({ status: 200 });
    expect(await qm.stores.records.users.find('acme', 'lim')).toMatchObject({
      email: 'ann@acme.com',
    });
    expect(await qm.stores.records.members.find(teamId, 'lim')).toMatchObject({ role: 'user' });
    const subject = { kind: 'user', organizationId: 'acme', userId: 'lim' } as const;
    const limit = { set: 'limit', kind: 'requests', model: null, max: 1 } as const;
    await changeCeilings(qm.stores, SYSTEM, subject, [limit]);
    expect(await told(qm, jwt)).toMatchObject({ status: 200 });
    expect(await told(qm, jwt)).toMatchObject({ status: 429, code: 'request_limit_reached' });
    const elsewhere = await signed({ team: 'ours', sub: 'lim' });
    expect(await told(qm, elsewhere)).toMatchObject({ status: 429 });
  });
  test('is refused where people are not made', async () => {
    const { id: teamId } = await closed.team();
    const jwt = await signed({ team: teamId, sub: 'zoe' });
    expect(await told(closed, jwt)).toMatchObject({
      status: 403,
      code: 'jwt_denied',
      message: expect.stringContaining("User 'zoe' not found"),
    });
  });
  test('must have an email address of the domain that is allowed, and a role', async () => {
    const refused = { status: 403, code: 'jwt_denied' };
    const { id: team } = await qm.team();
    for (const email of ['ann@notacme.com', 'ann@acme.com.evil.org', undefined]) {
      expect(await told(qm, await signed({ team, email }))).toMatchObject(refused);
    }
    expect(await told(qm, await signed({ team, email_verified: false }))).toMatchObject(refused);
    const roles = { realm_access: { roles: ['visitor'] } };
    expect(await told(qm, await signed({ team, ...roles }))).toMatchObject(refused);
    expect(await told(qm, await signed({ team }))).toMatchObject({ status: 200 });
  });
});

describe('what is decided here holds against a JWT that is valid', () => {
  test('a person who was removed from the team does not come back by it', async () => {
    const { id: teamId } = await qm.team();
    const jwt = await signed({ team: teamId, sub: 'rex' });
    expect(await told(qm, jwt)).toMatchObject({ status: 200 });
    await removeMember(qm.stores, SYSTEM, { teamId, userId: 'rex' });
    expect(await told(qm, jwt)).toMatchObject({ status: 401, code: 'key_blocked' });
    const later = await signed({ team: teamId, sub: 'rex', jti: 'later' });
    expect(await told(qm, later)).toMatchObject({ status: 401, code: 'key_blocked' });
  });
  test('a team that is suspended stays so', async () => {
    const { id: teamId } = await qm.team();
    const jwt = await signed({ team: teamId, sub: 'sue' });
    expect(await told(qm, jwt)).toMatchObject({ status: 200 });
    await setTeamStatus(qm.stores, SYSTEM, { teamId, status: 'suspended' });
    expect(await told(qm, jwt)).toMatchObject({ status: 403, code: 'team_suspended' });
  });
  test('its key record is given no secret', async () => {
    const { id: teamId } = await qm.team();
    await told(qm, await signed({ team: teamId, sub: 'rot' }));
    const keys = await qm.stores.records.keys.ofTeam(teamId);
    const keyId = keys.find(({ userId }) => userId === 'rot')?.id ?? '';
    const rotated = await rotateKey(qm.stores, SYSTEM, { keyId, graceMs: 0 });
    expect(rotated).toMatchObject({ refused: 'value_invalid' });
  });
});

test('those who sign in by JWT take no place from the keys of a team', async () => {
  const { id: teamId } = await qm.team();
  const people = Array.from({ length: 3 }, (_, at) => `person-${at}`);
  for (const sub of people) {
    expect(await told(qm, await signed({ team: teamId, sub }), '/v1/models')).toMatchObject({
      status: 200,
    });
  }
  await qm.postgres.virtualKey.createMany({
    data: Array.from({ length: 198 }, (_, at) => ({
      id: `many-${at}`,
      hash: `many-${at}`,
      teamId,
      organizationId: 'acme',
      name: `many ${at}`,
      lastFour: 'many',
    })),
  });
  const wish = { teamId, name: 'the last', expiresAt: null };
  expect(await createKey(qm.stores, SYSTEM, wish)).toMatchObject({ teamId });
  expect(await createKey(qm.stores, SYSTEM, wish)).toMatchObject({ refused: 'value_invalid' });
});
