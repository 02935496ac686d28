import OpenAI, { AuthenticationError, PermissionDeniedError } from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { isRepeated } from '../../src/core/change.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { rotateKey } from '../../src/core/keys/change-key.ts';
import { liftStatuses } from '../../src/core/lift-statuses.ts';
import { setOrganizationStatus } from '../../src/core/organizations/set-status.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { relayOutbox } from '../../src/storage/outbox.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

let qm: TimedQuartermaster;
beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const messages = [{ role: 'user' as const, content: 'hi' }];
const outcome = async (apiKey: string) =>
  new OpenAI({ apiKey, baseURL: `${qm.url}/v1`, maxRetries: 0 }).chat.completions
    .create({ model: 'gpt-4o', messages })
    .then(
      () => 'served',
      (error: unknown) => error,
    );
const inSeconds = (seconds: number): Date => new Date(qm.nowMs() + seconds * 1_000);

async function rotated(keyId: string, graceMs: number): Promise<string> {
  const answer = await rotateKey(qm.stores, SYSTEM, { keyId, graceMs });
  if (isRefusal(answer) || isRepeated(answer)) {
    throw new Error(`Nothing was rotated: ${JSON.stringify(answer)}`);
  }
  return answer.secretKey;
}

test('a key that expires is served until that moment, and not after', async () => {
  const team = await qm.team();
  const wish = { teamId: team.id, name: 'short', expiresAt: inSeconds(60) };
  const created = await createKey(qm.stores, SYSTEM, wish);
  const secretKey = 'secretKey' in created ? created.secretKey : '';
  expect(await outcome(secretKey)).toBe('served');
  await qm.passSeconds(60);
  expect(await outcome(secretKey)).toMatchObject({ status: 401, code: 'key_expired' });
});

describe('rotation', () => {
  test('both secrets serve until the grace ends, then the old one gets 401', async () => {
    const { secretKey: old, keyId } = await qm.team();
    const renewed = await rotated(keyId, 3_600_000);
    expect(renewed).not.toBe(old);
    expect([await outcome(old), await outcome(renewed)]).toEqual(['served', 'served']);
    await qm.passSeconds(3_600);
    const error = await outcome(old);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'key_revoked' });
    expect(await outcome(renewed)).toBe('served');
  });

  test('without grace the old secret stops at once', async () => {
    const { secretKey: old, keyId } = await qm.team();
    const renewed = await rotated(keyId, 0);
    expect(await outcome(old)).toMatchObject({ status: 401, code: 'key_revoked' });
    expect(await outcome(renewed)).toBe('served');
  });

  test('a second rotation ends the secret before the last at once', async () => {
    const { secretKey: first, keyId } = await qm.team();
    const second = await rotated(keyId, 3_600_000);
    const third = await rotated(keyId, 3_600_000);
    expect(await outcome(first)).toMatchObject({ status: 401 });
    expect([await outcome(second), await outcome(third)]).toEqual(['served', 'served']);
  });

  test('of two rotations at once both answers serve', async () => {
    const { keyId } = await qm.team();
    const secrets = await Promise.all([rotated(keyId, 60_000), rotated(keyId, 60_000)]);
    expect(await Promise.all(secrets.map(outcome))).toEqual(['served', 'served']);
  });

  test.each([-1, 30 * 86_400_000 + 1, 1.5, Number.NaN])(
    'a grace of %s ms is refused',
    async (graceMs) => {
      const { keyId } = await qm.team();
      const refused = await rotateKey(qm.stores, SYSTEM, { keyId, graceMs });
      expect(refused).toMatchObject({ refused: 'value_invalid', facts: { field: 'grace' } });
    },
  );
});

describe('states', () => {
  test('a suspension with an end lifts by itself at that moment, with no worker awake', async () => {
    const team = await qm.team();
    const wish = { teamId: team.id, status: 'suspended', until: inSeconds(600) } as const;
    await setTeamStatus(qm.stores, SYSTEM, wish);
    const error = await outcome(team.secretKey);
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ code: 'team_suspended' });
    await qm.passSeconds(599);
    expect(await outcome(team.secretKey)).toMatchObject({ code: 'team_suspended' });
    await qm.passSeconds(1);
    expect(await outcome(team.secretKey)).toBe('served');
  });

  test('that it lifted is written down once, however many workers look', async () => {
    await liftStatuses(qm.stores);
    const team = await qm.team({ organizationId: 'lifting' });
    const until = inSeconds(600);
    await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'paused', until });
    const organizationId = 'lifting';
    await setOrganizationStatus(qm.stores, SYSTEM, { organizationId, status: 'suspended', until });
    expect(await liftStatuses(qm.stores)).toBe(0);
    await qm.passSeconds(601);
    const lifted = await Promise.all([1, 2, 3, 4].map(async () => liftStatuses(qm.stores)));
    expect(lifted.reduce((sum, each) => sum + each)).toBe(2);
    const { records } = qm.stores;
    const active = { status: 'active', statusReason: null, statusUntil: null };
    expect(await records.teams.find(team.id)).toMatchObject({
      ...active,
      statusReason: 'its end was reached',
    });
    expect(await records.organizations.find(organizationId)).toMatchObject({ status: 'active' });
    const where = { target: `team:${team.id}`, action: 'team.resumed' };
    const lines = await qm.postgres.auditEntry.findMany({ where });
    expect(lines.map(({ actor, door }) => [actor, door])).toEqual([['system', 'system']]);
    await relayOutbox(qm.postgres, async (event) => {
      if (event.kind === 'team.changed') {
        await qm.gate.project({ teamId: event.teamId });
      }
    });
    expect(await outcome(team.secretKey)).toBe('served');
  });

  test('who suspends again while it lifts is not undone', async () => {
    const team = await qm.team();
    await setTeamStatus(qm.stores, SYSTEM, {
      teamId: team.id,
      status: 'suspended',
      until: inSeconds(60),
    });
    await qm.passSeconds(61);
    await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'suspended' });
    expect(await liftStatuses(qm.stores)).toBe(0);
    expect(await outcome(team.secretKey)).toMatchObject({ code: 'team_suspended' });
  });

  test('a suspended organization refuses for all of its teams, which keep their own states', async () => {
    const organizationId = 'whole';
    const [one, two] = [await qm.team({ organizationId }), await qm.team({ organizationId })];
    await setTeamStatus(qm.stores, SYSTEM, { teamId: two.id, status: 'paused' });
    await setOrganizationStatus(qm.stores, SYSTEM, { organizationId, status: 'suspended' });
    for (const { secretKey } of [one, two]) {
      const error = await outcome(secretKey);
      expect(error).toBeInstanceOf(PermissionDeniedError);
      expect(error).toMatchObject({ code: 'organization_suspended' });
    }
    await setOrganizationStatus(qm.stores, SYSTEM, { organizationId, status: 'active' });
    expect(await outcome(one.secretKey)).toBe('served');
    expect(await outcome(two.secretKey)).toMatchObject({ code: 'team_paused' });
  });

  test('an archived team keeps its keys, is refused, and may be resumed', async () => {
    const team = await qm.team();
    await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'archived' });
    expect(await outcome(team.secretKey)).toMatchObject({ status: 403, code: 'team_archived' });
    expect(await qm.stores.records.keys.ofTeam(team.id)).toMatchObject([{ status: 'active' }]);
    await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'active' });
    expect(await outcome(team.secretKey)).toBe('served');
  });

  test('an end that has passed, or an end of being active, is refused', async () => {
    const { id: teamId } = await qm.team();
    const past = { teamId, status: 'suspended', until: inSeconds(-1) } as const;
    expect(await setTeamStatus(qm.stores, SYSTEM, past)).toMatchObject({
      refused: 'value_invalid',
      facts: { field: 'until', complaint: 'it lies in the past' },
    });
    const active = { teamId, status: 'active', until: inSeconds(60) } as const;
    expect(await setTeamStatus(qm.stores, SYSTEM, active)).toMatchObject({
      refused: 'value_invalid',
    });
  });
});
