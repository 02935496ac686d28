// How budgets and limits failed elsewhere, each tried here through the proxy.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { rotateKey } from '../../src/core/keys/change-key.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import {
  budgetFor,
  callAtOnce,
  callExactly,
  COST_NANO_USD,
  FIELD_SUBJECTS,
  setCeilings,
  startField,
  teamOfField,
} from '../support/field-scene.ts';
import type { Field, TeamOfField } from '../support/field-scene.ts';
import type { HeldProvider } from '../support/held-provider.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

let field: Field;
let qm: TimedQuartermaster;
let held: HeldProvider;
beforeAll(async () => {
  field = await startField();
  ({ qm, held } = field);
});
afterAll(async () => field[Symbol.asyncDispose]());

const newTeam = async () => teamOfField(qm);

const teamOf = ({ teamId }: TeamOfField): Subject => ({ kind: 'team', teamId });
const keyOf = ({ keyId }: TeamOfField): Subject => ({ kind: 'key', keyId });

const startOfTomorrow = (): number => {
  const day = 24 * 3_600_000;
  return (Math.floor(qm.nowMs() / day) + 1) * day;
};

describe('a budget that calls get past', () => {
  test.each(FIELD_SUBJECTS)(
    'parallel first requests of one %s that was never seen before: no more pass than it pays for',
    async (_, of) => {
      const team = await newTeam();
      await setCeilings(qm, of(team), budgetFor(3));
      const { passed, codes } = await callAtOnce(qm, team.secretKey, 30);
      expect({ passed, codes }).toEqual({ passed: 3, codes: ['budget_exceeded'] });
    },
  );

  test('limits multiplied by replicas: three proxies share one limit', async () => {
    const others = [await qm.anotherProxy(), await qm.anotherProxy()];
    try {
      const urls = [qm.url, ...others.map((other) => other.url)];
      for (const kind of ['requests', 'usage_tokens'] as const) {
        const team = await newTeam();
        const max = kind === 'requests' ? 7 : 7 * 500;
        await setCeilings(qm, teamOf(team), { set: 'limit', kind, model: null, max });
        expect((await callAtOnce(qm, team.secretKey, 30, urls)).passed).toBe(7);
      }
    } finally {
      await Promise.all(others.map(async (other) => other.close()));
    }
  });

  test('parallel limits per process: what is open at one proxy counts at the other', async () => {
    const other = await qm.anotherProxy();
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), { set: 'limit', kind: 'parallel', model: null, max: 1 });
    held.reset();
    held.allow('nothing');
    try {
      const first = callExactly(qm, team.secretKey);
      await held.arrived(1);
      const second = await callExactly(qm, team.secretKey, { url: other.url });
      expect(second).toMatchObject({ status: 429, code: 'parallel_limit_reached' });
      held.allow('last byte');
      expect((await first).status).toBe(200);
      expect((await callExactly(qm, team.secretKey, { url: other.url })).status).toBe(200);
    } finally {
      held.allow('last byte');
      await other.close();
    }
  });

  test('a rotated key gets a fresh budget: what was spent stays with the key', async () => {
    const team = await newTeam();
    await setCeilings(qm, keyOf(team), budgetFor(1));
    expect((await callExactly(qm, team.secretKey)).status).toBe(200);
    const rotated = await rotateKey(qm.stores, SYSTEM, { keyId: team.keyId, graceMs: 60_000 });
    if (!('secretKey' in rotated)) {
      throw new Error(JSON.stringify(rotated));
    }
    for (const secretKey of [rotated.secretKey, team.secretKey]) {
      expect(await callExactly(qm, secretKey)).toMatchObject({ code: 'budget_exceeded' });
    }
  });

  test('a member’s budget does not hold for another key: it follows the person', async () => {
    const team = await newTeam();
    const { teamId, userId } = team;
    await setCeilings(qm, { kind: 'member', teamId, userId }, budgetFor(1));
    expect((await callExactly(qm, team.secretKey)).status).toBe(200);
    const wish = { teamId, name: 'another of Ann', expiresAt: null, userId };
    const second = (await createKey(qm.stores, SYSTEM, wish)) as { secretKey: string };
    const refused = await callExactly(qm, second.secretKey);
    expect(refused).toMatchObject({
      source: `member:${teamId}/${encodeURIComponent(userId)} budget-1d`,
    });
    // The team itself is not bounded by it.
    expect((await callExactly(qm, team.teamKey)).status).toBe(200);
  });

  test('a request may pass a limit of tokens by itself: one that can’t fit is refused, the next one is not', async () => {
    const team = await newTeam();
    // Its prompt and the shortest answer that is worth a call are one more than that.
    const limit = { set: 'limit', kind: 'usage_tokens', model: null, max: 415 } as const;
    await setCeilings(qm, teamOf(team), limit);
    expect(await callExactly(qm, team.secretKey)).toMatchObject({ code: 'call_exceeds_limit' });
    await setCeilings(qm, teamOf(team), { ...limit, max: 500 });
    expect((await callExactly(qm, team.secretKey)).status).toBe(200);
  });
});

describe('a budget that refuses what it should not', () => {
  test('reservations that leak into false refusals: calls that fail, break off or are left give all back', async () => {
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), budgetFor(1_000));
    const parallel = { set: 'limit', kind: 'parallel', model: null, max: 2 } as const;
    await setCeilings(qm, teamOf(team), parallel);
    const faults = [500, 'cut', 'garbage', 429, 400] as const;
    for (const fault of faults) {
      for (const stream of [true, false]) {
        qm.provider.plan({ fault, times: 3, model: 'gpt-4o' });
        await qm.call(team.secretKey, { stream, max_tokens: 50 }).then(
          async (response) => response.text().catch(() => ''),
          () => '',
        );
        qm.provider.clearFaults();
      }
    }
    const leaving = new AbortController();
    held.reset();
    held.allow('first byte');
    const left = fetch(`${qm.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${team.secretKey}` },
      body: JSON.stringify({
        model: 'held',
        stream: true,
        messages: [{ role: 'user', content: '{"input":40,"output":30}' }],
      }),
      signal: leaving.signal,
    });
    await (await left).body?.getReader().read();
    leaving.abort();
    const meters = async () =>
      qm.gate.meters({ kind: 'team', teamId: team.teamId }, team.organizationId);
    const read = async (name: string) => (await meters()).find((meter) => meter.meter === name);
    await expect.poll(async () => read('budget-1d')).toMatchObject({ held: 0 });
    await expect.poll(async () => read('parallel')).toMatchObject({ used: 0 });
    held.allow('last byte');
    await qm.drain();
    const events = await qm.postgres.usageEvent.findMany({ where: { teamId: team.teamId } });
    const spent = events.reduce((sum, event) => sum + event.costNanoUsd, 0n);
    expect((await read('budget-1d'))?.used).toBe(Number(spent));
  });

  test('a leaked hold blocks for ever: what a dead proxy held is free after its deadline', async () => {
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), budgetFor(1));
    held.reset();
    held.allow('nothing');
    const lost = await qm.anotherProxy();
    const calling = callExactly(qm, team.secretKey, { url: lost.url }).catch(() => undefined);
    await held.arrived(1);
    // Neither its settlement nor its marks get through any more.
    lost.gate.close();
    expect(await callExactly(qm, team.secretKey)).toMatchObject({ code: 'budget_exceeded' });
    await qm.passSeconds(16);
    const keys = qm.gate.shards[shardOf(team.organizationId)] as ShardKeys;
    await reapShard(qm.gate, qm.source, keys, qm.nowMs());
    held.allow('last byte');
    expect((await callExactly(qm, team.secretKey)).status).toBe(200);
    await lost.close();
    await calling;
  });

  test('refused although budget is left: the last call that fits passes, and the refusal has the very numbers', async () => {
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), budgetFor(4));
    for (let call = 0; call < 4; call += 1) {
      expect((await callExactly(qm, team.secretKey)).status).toBe(200);
    }
    const refused = await callExactly(qm, team.secretKey);
    expect(refused).toMatchObject({ status: 429, source: `team:${team.teamId} budget-1d` });
    expect(refused.message).toContain('0.0024 of 0.0024 USD');
  });

  test('a raised maximum leaves the old window in force: the new one holds on the next call', async () => {
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), budgetFor(1));
    expect((await callAtOnce(qm, team.secretKey, 3)).passed).toBe(1);
    await setCeilings(qm, teamOf(team), budgetFor(3));
    expect((await callAtOnce(qm, team.secretKey, 6)).passed).toBe(2);
    await setCeilings(qm, teamOf(team), budgetFor(9, '30d'));
    await setCeilings(qm, teamOf(team), { remove: 'budget', duration: '1d', model: null });
    expect((await callAtOnce(qm, team.secretKey, 12)).passed).toBe(9);
  });

  test('blocked by a team of another organization: ceilings are nobody else’s', async () => {
    const [one, other] = [await newTeam(), await newTeam()];
    await setCeilings(qm, teamOf(one), budgetFor(0));
    expect((await callExactly(qm, one.secretKey)).status).toBe(429);
    expect((await callExactly(qm, other.secretKey)).status).toBe(200);
  });
});

describe('a budget that does not begin anew', () => {
  test.each(FIELD_SUBJECTS)(
    'the budget of the %s never resets: it does, at its boundary',
    async (_, of) => {
      const team = await newTeam();
      await setCeilings(qm, of(team), budgetFor(2));
      for (let day = 0; day < 3; day += 1) {
        expect((await callAtOnce(qm, team.secretKey, 5)).passed).toBe(2);
        await qm.setTime(startOfTomorrow());
      }
    },
  );

  test('stuck after a reset: a call that spans the boundary is charged to the old period alone', async () => {
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), budgetFor(2));
    held.reset();
    held.allow('nothing');
    const spanning = [callExactly(qm, team.secretKey), callExactly(qm, team.secretKey)];
    await held.arrived(2);
    await qm.setTime(startOfTomorrow());
    held.allow('last byte');
    expect((await Promise.all(spanning)).map((call) => call.status)).toEqual([200, 200]);
    const [meter] = await qm.gate.meters(
      { kind: 'team', teamId: team.teamId },
      team.organizationId,
    );
    expect(meter).toMatchObject({ used: 0, held: 0 });
    expect((await callAtOnce(qm, team.secretKey, 4)).passed).toBe(2);
    await qm.drain();
    const spends = await qm.postgres.budgetSpend.findMany({
      where: { subject: `team:${team.teamId}` },
    });
    expect(spends.map((spend) => Number(spend.spentNanoUsd))).toEqual([
      2 * COST_NANO_USD,
      2 * COST_NANO_USD,
    ]);
  });

  test('nobody was awake at the boundary, for three days: the next call finds its budget whole', async () => {
    const team = await newTeam();
    await setCeilings(qm, teamOf(team), budgetFor(1));
    expect((await callExactly(qm, team.secretKey)).status).toBe(200);
    await qm.passSeconds(3 * 24 * 3_600);
    expect((await callAtOnce(qm, team.secretKey, 2)).passed).toBe(1);
  });
});

describe('a change that does not hold', () => {
  test('a blocked team is undone by a call under way that writes stale state back: it stays blocked', async () => {
    const team = await newTeam();
    const other = await qm.anotherProxy();
    held.reset();
    held.allow('nothing');
    try {
      const underWay = callExactly(qm, team.secretKey);
      await held.arrived(1);
      await setTeamStatus(qm.stores, SYSTEM, { teamId: team.teamId, status: 'suspended' });
      held.allow('last byte');
      expect((await underWay).status).toBe(200);
      await qm.drain();
      for (const url of [qm.url, other.url]) {
        const refused = await callExactly(qm, team.secretKey, { url });
        expect(refused).toMatchObject({ status: 403, code: 'team_suspended' });
      }
    } finally {
      held.allow('last byte');
      await other.close();
    }
  });
});
