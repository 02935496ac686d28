import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { updateTeam } from '../../src/core/teams/update-team.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
beforeAll(async () => {
  qm = await startQuartermaster();
});
afterAll(async () => qm[Symbol.asyncDispose]());

const balance = async (teamId: string) => qm.gate.balance({ id: teamId, organizationId: 'acme' });

describe('credits are never overspent', () => {
  test('of 200 calls at once on credits for 50, half of them streams, exactly 50 pass', async () => {
    const team = await qm.team({ credits: 50_000_000n });
    const other = await qm.team();
    const calls = Array.from({ length: 200 }, async (_, at) => {
      const response = await qm.call(team.secretKey, { stream: at % 2 === 0 });
      return { status: response.status, text: await response.text() };
    });
    const [answers, othersAnswer] = await Promise.all([
      Promise.all(calls),
      qm.call(other.secretKey).then((response) => response.status),
    ]);
    const refused = answers.filter((answer) => answer.status === 403);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(50);
    expect(refused).toHaveLength(150);
    expect(refused.every((answer) => answer.text.includes('Insufficient credits'))).toBe(true);
    expect(othersAnswer).toBe(200);
    expect(await balance(team.id)).toMatchObject({
      spendable: 0n,
      reserved: 0n,
      charged: 50_000_000n,
    });
    await qm.drain();
    expect((await qm.stores.records.ledger.account(team.id))?.balance).toBe(0n);
    expect(await qm.drift(team.id)).toBe(0n);
  });

  test('by consumption the balance ends between 0 and the price of the smallest call', async () => {
    const team = await qm.team({
      credits: 2_000_000n,
      terms: { budgetMode: 'consumption_tokens', tokensPerCredit: 1_000n },
    });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        const response = await qm.call(team.secretKey, { stream: at % 2 === 0, max_tokens: 100 });
        await response.text();
        return response.status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([200, 403]));
    const { spendable, reserved } = await balance(team.id);
    expect(spendable).toBeGreaterThanOrEqual(0n);
    expect(reserved).toBe(0n);
    await qm.drain();
    expect(await qm.drift(team.id)).toBe(0n);
  });
});

describe('what is changed holds on the next request', () => {
  test('a suspended team is refused by two proxies at once, and passes both when resumed', async () => {
    const team = await qm.team();
    const second = await qm.anotherProxy();
    const callSecond = async () =>
      fetch(`${second.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${team.secretKey}` },
        body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }),
      }).then((response) => response.status);
    const both = async () =>
      Promise.all([qm.call(team.secretKey).then((response) => response.status), callSecond()]);
    try {
      expect(await both()).toEqual([200, 200]);
      await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'suspended' });
      expect(await both()).toEqual([403, 403]);
      await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status: 'active' });
      expect(await both()).toEqual([200, 200]);
    } finally {
      await second.close();
    }
  });

  test('a team that is empty or suspended never affects another one', async () => {
    const empty = await qm.team({ credits: 0n });
    const fine = await qm.team();
    await setTeamStatus(qm.stores, SYSTEM, { teamId: empty.id, status: 'suspended' });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async (_, at) =>
        qm
          .call(at % 2 === 0 ? empty.secretKey : fine.secretKey)
          .then((response) => response.status),
      ),
    );
    expect(statuses).toEqual(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 403 : 200)));
  });

  test('a top-up can be spent at once', async () => {
    const team = await qm.team({ credits: 0n });
    expect((await qm.call(team.secretKey)).status).toBe(403);
    await topUp(qm.stores, SYSTEM, {
      teamId: team.id,
      amount: 1_000_000n,
      reason: 'Invoice 17',
      reference: 'one',
    });
    expect((await qm.call(team.secretKey)).status).toBe(200);
    expect((await qm.call(team.secretKey)).status).toBe(403);
  });

  test('an access group that is given or taken decides the next call', async () => {
    const team = await qm.team({ accessGroups: ['claude-models'] });
    expect((await qm.call(team.secretKey)).status).toBe(403);
    await updateTeam(qm.stores, SYSTEM, team.id, { accessGroups: ['gpt-models'] });
    expect((await qm.call(team.secretKey)).status).toBe(200);
  });

  test('new terms never touch a call under way, and hold for the next one', async () => {
    const team = await qm.team({ credits: 1_000_000_000n });
    qm.provider.plan({ fault: 'slow', times: 1, latencyMs: 300 });
    const underWay = qm.call(team.secretKey);
    await expect.poll(async () => (await balance(team.id)).reserved).toBe(1_000_000n);
    await updateTeam(qm.stores, SYSTEM, team.id, {
      budgetMode: 'consumption_tokens',
      tokensPerCredit: 10n,
    });
    expect((await underWay).status).toBe(200);
    const before = await balance(team.id);
    expect(before.charged).toBe(1_000_000n);
    const answer = (await (await qm.call(team.secretKey)).json()) as {
      usage: { total_tokens: number };
    };
    const after = await balance(team.id);
    expect(after.charged - before.charged).toBe(BigInt(answer.usage.total_tokens) * 100_000n);
  });
});

describe('the same top-up', () => {
  test('asked for by twenty at once is posted once, and everybody learns who was first', async () => {
    const team = await qm.team({ credits: 0n });
    const posted = await Promise.all(
      Array.from({ length: 20 }, async (_, at) =>
        topUp(
          qm.stores,
          { id: `slack:U${at}`, door: 'slack' },
          {
            teamId: team.id,
            amount: 5_000_000n,
            reason: 'Twice',
            reference: 'alert:1',
          },
        ),
      ),
    );
    const answers = posted.filter((answer) => 'entry' in answer);
    expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.entry.actor)).size).toBe(1);
    expect((await balance(team.id)).spendable).toBe(5_000_000n);
    expect(await qm.drift(team.id)).toBe(0n);
  });
});
