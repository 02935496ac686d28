import OpenAI, { AuthenticationError, NotFoundError, PermissionDeniedError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { isRepeated } from '../../src/core/change.ts';
import { setKeyStatus } from '../../src/core/keys/change-key.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import type { KeyCreated, KeyWish } from '../../src/core/keys/create-key.ts';
import { expireKey, updateKey } from '../../src/core/keys/update-key.ts';
import { addMember, removeMember } from '../../src/core/members/members.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { updateTeam } from '../../src/core/teams/update-team.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster({ trustedProxies: ['127.0.0.1', '10.9.0.0/16'] });
});
afterAll(async () => qm[Symbol.asyncDispose]());

async function keyOf(wish: Partial<KeyWish>, teamId?: string): Promise<KeyCreated> {
  const id = teamId ?? (await qm.team()).id;
  const exact = { name: 'test', expiresAt: null, ...wish, teamId: id };
  const created = await createKey(qm.stores, SYSTEM, exact);
  if (isRefusal(created) || isRepeated(created)) {
    throw new Error(`No key was created: ${JSON.stringify(created)}`);
  }
  return created;
}

const clientOf = (apiKey: string): OpenAI =>
  new OpenAI({ apiKey, baseURL: `${qm.url}/v1`, maxRetries: 0 });
const messages = [{ role: 'user' as const, content: 'hi' }];
/** 'served', or the error that the official client throws. */
const outcome = async (apiKey: string, model = 'gpt-4o') =>
  clientOf(apiKey)
    .chat.completions.create({ model, messages })
    .then(
      () => 'served',
      (error: unknown) => error,
    );

describe('an end', () => {
  test('a key that expires now gets 401 on its next call, and serves again when it is given longer', async () => {
    const { secretKey, keyId } = await keyOf({ expiresAt: new Date(Date.now() + 60_000) });
    expect(await outcome(secretKey)).toBe('served');
    await expireKey(qm.stores, SYSTEM, keyId);
    const error = await outcome(secretKey);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'key_expired' });
    await updateKey(qm.stores, SYSTEM, keyId, { expiresAt: null });
    expect(await outcome(secretKey)).toBe('served');
  });
});

describe('models', () => {
  test('a key that is confined to a model may use no other, and is told which', async () => {
    const { secretKey } = await keyOf({ models: ['gpt-4o-mini'] });
    expect(await outcome(secretKey, 'gpt-4o-mini')).toBe('served');
    const error = await outcome(secretKey, 'gpt-4o');
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ code: 'model_not_allowed' });
    expect((error as Error).message).toContain('It may use: gpt-4o-mini.');
  });

  test('what a key names beyond its team stays refused', async () => {
    const { secretKey } = await keyOf({ models: ['claude-sonnet-4-5', 'claude-models'] });
    expect(await outcome(secretKey, 'claude-sonnet-4-5')).toMatchObject({
      status: 403,
      code: 'model_not_allowed',
    });
  });

  test('a beginning with * stands for all models that begin so', async () => {
    const { secretKey } = await keyOf({ models: ['gpt-*'] });
    expect(await outcome(secretKey, 'gpt-4o')).toBe('served');
    expect(await outcome(secretKey, 'two-ways')).toMatchObject({ code: 'model_not_allowed' });
  });

  test.each(['all-team-models', 'all-proxy-models', '*', 'gpt-models'])(
    '%s lets a key use what its team may, and nothing else',
    async (name) => {
      const { secretKey } = await keyOf({ models: [name] });
      expect(await outcome(secretKey)).toBe('served');
      expect(await outcome(secretKey, 'claude-sonnet-4-5')).toMatchObject({ status: 403 });
    },
  );

  test('no-default-models lets nothing through', async () => {
    const { secretKey } = await keyOf({ models: ['no-default-models'] });
    expect(await outcome(secretKey)).toMatchObject({ status: 403, code: 'model_not_allowed' });
    const page = await clientOf(secretKey).models.list();
    expect(page.data).toEqual([]);
  });

  test('extra models of a team are served beside its groups, until they are taken away', async () => {
    const team = await qm.team();
    await updateTeam(qm.stores, SYSTEM, team.id, { models: ['claude-*'] });
    expect(await outcome(team.secretKey, 'claude-sonnet-4-5')).toBe('served');
    expect(await outcome(team.secretKey, 'gpt-4o')).toBe('served');
    await updateTeam(qm.stores, SYSTEM, team.id, ({ models }) => ({
      models: models.filter((name) => name !== 'claude-*'),
    }));
    expect(await outcome(team.secretKey, 'claude-sonnet-4-5')).toMatchObject({ status: 403 });
  });

  test('a model that leaves a group is refused on the next call', async () => {
    const team = await qm.team({ accessGroups: ['claude-models'] });
    expect(await outcome(team.secretKey, 'claude-sonnet-4-5')).toBe('served');
    const groups = await qm.stores.records.accessGroups.list();
    const without = groups.map((group) =>
      group.name === 'claude-models' ? { ...group, aliases: [] } : group,
    );
    const aliases = qm.config.models.map((model) => model.alias);
    await qm.stores.records.accessGroups.replace(without, aliases);
    await qm.gate.project({ catalog: true });
    expect(await outcome(team.secretKey, 'claude-sonnet-4-5')).toMatchObject({
      status: 403,
      code: 'model_not_allowed',
    });
    await qm.stores.records.accessGroups.replace(groups, aliases);
    await qm.gate.project({ catalog: true });
    expect(await outcome(team.secretKey, 'claude-sonnet-4-5')).toBe('served');
  });
});

describe("names of one's own", () => {
  const servedModel = async (apiKey: string, model: string) =>
    (await clientOf(apiKey).chat.completions.create({ model, messages })).model;

  test('a name of the team stands for a model, and one of the key goes before it', async () => {
    const team = await qm.team();
    await updateTeam(qm.stores, SYSTEM, team.id, {
      modelAliases: { fast: 'gpt-4o', mine: 'gpt-4o' },
    });
    const { secretKey } = await keyOf({ modelAliases: { fast: 'gpt-4o-mini' } }, team.id);
    const usedBy = async () => {
      await qm.drain();
      const where = { teamId: team.id };
      const events = await qm.postgres.usageEvent.findMany({ where, orderBy: { endedAt: 'asc' } });
      return events.map((event) => event.model);
    };
    await servedModel(team.secretKey, 'fast');
    expect(await usedBy()).toEqual(['gpt-4o']);
    await servedModel(secretKey, 'fast');
    await servedModel(secretKey, 'mine');
    expect(await usedBy()).toEqual(['gpt-4o', 'gpt-4o-mini', 'gpt-4o']);
    const names = (await clientOf(secretKey).models.list()).data.map(({ id }) => id);
    expect(names).toEqual(expect.arrayContaining(['fast', 'mine']));
  });

  test('a name gives no model that its team may not use, and its end holds on the next call', async () => {
    const { secretKey, keyId } = await keyOf({
      modelAliases: { clever: 'claude-sonnet-4-5', fast: 'gpt-4o-mini' },
    });
    expect(await outcome(secretKey, 'clever')).toMatchObject({ status: 403 });
    expect(await outcome(secretKey, 'fast')).toBe('served');
    await updateKey(qm.stores, SYSTEM, keyId, { modelAliases: {} });
    const error = await outcome(secretKey, 'fast');
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_unknown' });
  });
});

test('a key that is confined to an endpoint gets 403 on the others', async () => {
  const { secretKey } = await keyOf({ endpoints: ['embedding'] });
  const client = clientOf(secretKey);
  const embedded = await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: 'hi',
  });
  expect(embedded.data).toHaveLength(1);
  const error = await outcome(secretKey);
  expect(error).toBeInstanceOf(PermissionDeniedError);
  expect(error).toMatchObject({ code: 'endpoint_not_allowed' });
});

describe('addresses', () => {
  const statusFrom = async (secretKey: string, forwarded?: string) => {
    const response = await fetch(`${qm.url}/v1/models`, {
      headers: {
        authorization: `Bearer ${secretKey}`,
        ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
      },
    });
    return response.status;
  };

  test('a key is served from its addresses only', async () => {
    const here = await keyOf({ addresses: ['127.0.0.0/8', '::1'] });
    expect(await outcome(here.secretKey)).toBe('served');
    const elsewhere = await keyOf({ addresses: ['203.0.113.0/24'] });
    const error = await outcome(elsewhere.secretKey);
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ code: 'address_not_allowed' });
    expect((error as Error).message).not.toContain('203.0.113');
  });

  test('what stands behind trusted proxies counts, from the right, and nothing that a client wrote', async () => {
    const { secretKey } = await keyOf({ addresses: ['203.0.113.0/24', '2001:db8::/32'] });
    expect(await statusFrom(secretKey, '203.0.113.7')).toBe(200);
    expect(await statusFrom(secretKey, '203.0.113.7, 10.9.1.1')).toBe(200);
    expect(await statusFrom(secretKey, '198.51.100.1, 203.0.113.7:4711,10.9.1.1')).toBe(200);
    expect(await statusFrom(secretKey, '[2001:db8::7]:4711')).toBe(200);
    expect(await statusFrom(secretKey, '203.0.113.7, 198.51.100.1')).toBe(403);
    expect(await statusFrom(secretKey, '203.0.113.7, unknown, 10.9.1.1')).toBe(403);
    expect(await statusFrom(secretKey, '203.0.113.7,')).toBe(403);
    expect(await statusFrom(secretKey)).toBe(403);
  });

  test('without trusted proxies nobody is believed', async () => {
    const plain = await startQuartermaster();
    try {
      const team = await plain.team();
      await updateKey(plain.stores, SYSTEM, team.keyId, { addresses: ['203.0.113.0/24'] });
      const response = await fetch(`${plain.url}/v1/models`, {
        headers: { authorization: `Bearer ${team.secretKey}`, 'x-forwarded-for': '203.0.113.7' },
      });
      expect(response.status).toBe(403);
    } finally {
      await plain[Symbol.asyncDispose]();
    }
  });
});

describe('owners', () => {
  test('a key of a person serves, whoever had to be made for it', async () => {
    const { secretKey } = await keyOf({ userId: 'ann@acme.com', createUser: true });
    expect(await outcome(secretKey)).toBe('served');
    const other = await qm.team();
    const second = await keyOf({ userId: 'ann@acme.com' }, other.id);
    expect(await outcome(second.secretKey)).toBe('served');
    const members = await qm.stores.records.members.ofTeam(other.id);
    expect(members.map(({ userId, role }) => [userId, role])).toEqual([['ann@acme.com', 'user']]);
  });

  test('who leaves a team leaves its keys there blocked, and those of other teams alone', async () => {
    const [here, there] = [await qm.team(), await qm.team()];
    const mine = await keyOf({ userId: 'bob', createUser: true }, here.id);
    const elsewhere = await keyOf({ userId: 'bob' }, there.id);
    const removed = await removeMember(qm.stores, SYSTEM, { teamId: here.id, userId: 'bob' });
    expect(removed).toMatchObject({ keysBlocked: 1 });
    const error = await outcome(mine.secretKey);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: 'key_blocked' });
    expect(await outcome(elsewhere.secretKey)).toBe('served');
    expect(await outcome(here.secretKey)).toBe('served');
    expect(await qm.stores.records.members.ofTeam(here.id)).toEqual([]);
  });

  test('a key of who was removed stays blocked until they are added again', async () => {
    const team = await qm.team();
    const { keyId, secretKey } = await keyOf({ userId: 'eve', createUser: true }, team.id);
    await removeMember(qm.stores, SYSTEM, { teamId: team.id, userId: 'eve' });
    const unblock = { keyId, status: 'active' } as const;
    expect(await setKeyStatus(qm.stores, SYSTEM, unblock)).toMatchObject({
      refused: 'value_invalid',
      facts: { complaint: expect.stringContaining('eve was removed from the team') },
    });
    const wish = { teamId: team.id, name: 'again', expiresAt: null, userId: 'eve' };
    expect(await createKey(qm.stores, SYSTEM, wish)).toMatchObject({ refused: 'member_unknown' });
    await addMember(qm.stores, SYSTEM, { teamId: team.id, userId: 'eve' });
    await setKeyStatus(qm.stores, SYSTEM, unblock);
    expect(await outcome(secretKey)).toBe('served');
  });

  test('of a key that is made and a member who is removed at once, no call is let through', async () => {
    const team = await qm.team();
    await addMember(qm.stores, SYSTEM, { teamId: team.id, userId: 'kim', createUser: true });
    const wish = { teamId: team.id, name: 'race', expiresAt: null, userId: 'kim' };
    const [created] = await Promise.all([
      createKey(qm.stores, SYSTEM, wish),
      removeMember(qm.stores, SYSTEM, { teamId: team.id, userId: 'kim' }),
    ]);
    const seen = isRefusal(created)
      ? { code: created.refused }
      : await outcome((created as KeyCreated).secretKey);
    expect(['key_blocked', 'member_unknown']).toContain((seen as { code: string }).code);
  });
});
