// Limits on rates and on calls at once, counted by the gate; and whose of several holds.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import type { KeyIdentity } from '../../src/core/gateway/gate.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { shardOf } from '../../src/storage/gate/shards.ts';
import type { ShardKeys } from '../../src/storage/gate/shards.ts';
import { reapShard } from '../../src/storage/reaper.ts';
import { askOf } from '../support/gate-calls.ts';
import { budget, costing, limit, meteredTeams } from '../support/metered-teams.ts';
import { PEPPER } from '../support/quartermaster.ts';
import { startTimedQuartermaster } from '../support/timed-quartermaster.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

let qm: TimedQuartermaster;
const { newTeam, refused, admitted, settle, metersOf } = meteredTeams(() => qm);

beforeAll(async () => {
  qm = await startTimedQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

describe('requests per minute', () => {
  test('let exactly as many through as are allowed, and a refused call counts for nothing', async () => {
    const { identity, id } = await newTeam({ limits: [limit('requests', 5)] });
    const verdicts = await Promise.all(
      Array.from({ length: 20 }, async () => qm.gate.admit(askOf(identity))),
    );
    expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(5);
    expect(await metersOf(id)).toMatchObject([{ meter: 'requests', max: 5, used: 5 }]);
  });

  test('who waits as told passes, and a second earlier does not', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 2)] });
    await admitted(askOf(identity));
    await qm.passSeconds(10);
    await admitted(askOf(identity));
    const { hit } = await refused(askOf(identity));
    expect(hit).toMatchObject({ meter: 'requests', used: 2, max: 2, waitSeconds: 50 });
    await qm.passSeconds(49);
    expect((await refused(askOf(identity))).hit?.waitSeconds).toBe(1);
    await qm.passSeconds(1);
    await admitted(askOf(identity));
    expect((await refused(askOf(identity))).hit?.waitSeconds).toBe(10);
  });

  test('slide: no span of sixty seconds holds more than the limit', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 3)] });
    const passed: number[] = [];
    for (let step = 0; step < 60; step += 1) {
      if ((await qm.gate.admit(askOf(identity))).admitted) {
        passed.push(qm.nowMs());
      }
      await qm.passSeconds(7);
    }
    for (const at of passed) {
      expect(passed.filter((one) => one > at - 60_000 && one <= at).length).toBeLessThanOrEqual(3);
    }
    expect(passed.length).toBeGreaterThanOrEqual(18);
  });

  test('of one model bound that model alone', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 1, { model: 'gpt-4o' })] });
    await admitted(askOf(identity));
    await admitted(askOf(identity, { model: 'gpt-4o-mini' }));
    expect((await refused(askOf(identity))).hit?.meter).toBe('requests@gpt-4o');
  });

  test('of 0 let nothing through, and waiting does not help', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 0)] });
    expect((await refused(askOf(identity))).hit?.waitSeconds).toBeUndefined();
  });

  test('survive a clock that runs back: nothing more is let through', async () => {
    const { identity } = await newTeam({ limits: [limit('requests', 1)] });
    await admitted(askOf(identity));
    await qm.passSeconds(-30);
    expect((await refused(askOf(identity))).hit?.used).toBe(1);
    await qm.passSeconds(30);
  });

  test('are told with what is left and when nothing of them is in use', async () => {
    const { identity } = await newTeam({
      limits: [limit('requests', 5), limit('usage_tokens', 1_000)],
    });
    const { ratesLeft } = await admitted(costing(identity, 0, 300));
    expect(ratesLeft).toEqual({
      requests: { limit: 5, remaining: 4, resetSeconds: 60 },
      usageTokens: { limit: 1_000, remaining: 700, resetSeconds: 60 },
    });
  });
});

describe('usage tokens per minute', () => {
  test('are held at the bound and given back when less was used', async () => {
    const { identity, id } = await newTeam({ limits: [limit('usage_tokens', 1_000)] });
    const first = costing(identity, 0, 900);
    const { taken } = await admitted(first);
    expect((await refused(costing(identity, 0, 200))).hit).toMatchObject({
      used: 900,
      wanted: 200,
    });
    await settle(first, taken, 0, 150);
    expect(await metersOf(id)).toMatchObject([{ used: 150 }]);
    await admitted(costing(identity, 0, 850));
  });

  test('shorten the output to what is left', async () => {
    const { identity } = await newTeam({ limits: [limit('usage_tokens', 1_000)] });
    const bound = { inputTokens: 100, outputCap: 5_000, minimumOutputCap: 16 };
    const verdict = await admitted(askOf(identity, { bound }));
    expect(verdict).toMatchObject({ outputCap: 900, isCapBinding: true });
  });

  test('refuse for good what is larger than the whole limit', async () => {
    const { identity } = await newTeam({ limits: [limit('usage_tokens', 50)] });
    expect((await refused(costing(identity, 0, 51))).hit?.waitSeconds).toBeUndefined();
  });
});

describe('calls at once', () => {
  test('are as many as allowed, and one that ends makes room', async () => {
    const { identity } = await newTeam({ limits: [limit('parallel', 2)] });
    const first = askOf(identity);
    const { taken } = await admitted(first);
    await admitted(askOf(identity));
    expect((await refused(askOf(identity))).hit?.meter).toBe('parallel');
    await settle(first, taken, 0);
    await settle(first, taken, 0);
    await admitted(askOf(identity));
    await refused(askOf(identity));
  });

  test('of a proxy that died count no longer when they are reaped', async () => {
    const { identity } = await newTeam({ limits: [limit('parallel', 1)] });
    await admitted(askOf(identity));
    expect((await refused(askOf(identity))).hit?.used).toBe(1);
    await qm.passSeconds(3_600);
    const keys = qm.gate.shards[shardOf('acme')] as ShardKeys;
    await reapShard(qm.gate, qm.source, keys, qm.nowMs());
    await admitted(askOf(identity));
  });
});

describe('subjects', () => {
  test('all hold at once, and the one that keeps a call longest is named', async () => {
    const { identity, id, keyId } = await newTeam({ limits: [limit('requests', 1)] });
    const { keys } = qm.stores.records;
    await keys.update(keyId, { ceilings: { ...NO_CEILINGS, budgets: [budget(1)] } });
    await qm.gate.project({ keyId });
    await admitted(costing(identity, 1));
    const { hit } = await refused(costing(identity, 1));
    expect(hit?.subject).toEqual({ kind: 'key', keyId });
    await keys.update(keyId, { ceilings: NO_CEILINGS });
    await qm.gate.project({ keyId });
    expect((await refused(costing(identity, 1))).hit?.subject).toEqual({
      kind: 'team',
      teamId: id,
    });
  });

  test('an organization bounds all of its teams together', async () => {
    const other = await startTimedQuartermaster();
    try {
      const ids = [await other.team(), await other.team()];
      const budgets = [budget(1)];
      await other.stores.records.organizations.update('acme', {
        ceilings: { limits: [], budgets },
      });
      await other.gate.project({ organizationId: 'acme' });
      const verdicts = await Promise.all(
        ids.flatMap(({ secretKey }) =>
          Array.from({ length: 10 }, async () => {
            const identity = await other.gate.identify(hashOfKey(secretKey, PEPPER), '');
            return other.gate.admit(costing(identity as KeyIdentity, 0.1));
          }),
        ),
      );
      expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(10);
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });
});
