import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spend } from '../bot/usage.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

let door: Door;
let teams = 0;
beforeAll(async () => {
  door = await openDoor();
  for (const id of ['acme', 'other']) {
    await door.ask('POST', '/api/organizations/create', { organization_id: id, name: id });
  }
});
afterAll(async () => door.close());

async function team(credits = 100, organization = 'acme'): Promise<string> {
  teams += 1;
  const id = `changes-${teams}`;
  const told = await door.ask('POST', '/api/teams/create', {
    team_id: id,
    organization_id: organization,
    access_groups: ['gpt-models'],
    budget_mode: 'consumption_usd',
    ...(credits === 0 ? {} : { credits_allocated: credits }),
  });
  expect(told.status, told.text).toBe(200);
  return id;
}

const post = async (path: string, body: unknown, key?: string) =>
  door.ask(
    'POST',
    `/api/credits/${path}`,
    body,
    key === undefined ? {} : { 'idempotency-key': key },
  );

describe('a grant', () => {
  test('is added with its terms, and again under its key it is answered as before', async () => {
    const team_id = await team();
    const body = {
      team_id,
      credits: 50,
      priority: 10,
      category: 'promotional',
      expires_at: '2027-01-01T00:00:00Z',
    };
    const first = await post('grant', body, 'grant-1');
    expect(first.json).toMatchObject({
      team_id,
      credits_added: 50,
      credits_remaining: 150,
      repeated: false,
    });
    const again = await post('grant', body, 'grant-1');
    expect(again.json).toEqual(first.json);
    for (const other of [
      { credits: 51 },
      { priority: 11 },
      { expires_at: '2027-01-02T00:00:00Z' },
    ]) {
      expect((await post('grant', { ...body, ...other }, 'grant-1')).status).toBe(422);
    }
    const [grant] = await door.stores.records.grants.ofTeam(team_id);
    expect(grant).toMatchObject({ priority: 10, category: 'promotional', remaining: 50_000_000n });
  });

  test.each([
    [{ credits: 0 }, 400],
    [{ credits: -1 }, 400],
    [{ credits: 0.0000001 }, 400],
    [{ credits: '1e3' }, 400],
    [{ credits: 2_000_000_000 }, 400],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 400],
    [{ expires_at: 'soon' }, 422],
    [{ priority: 101 }, 400],
    [{ category: 'gift' }, 422],
    [{ team_id: 'nobody' }, 404],
    [{ reason: '' }, 400],
    [{ kind: 'grant' }, 422],
  ])('with %o is refused and leaves nothing', async (part, status) => {
    const team_id = await team();
    const told = await post('grant', { team_id, credits: 1, ...part });
    expect(told.status, told.text).toBe(status);
    expect(
      (await door.ask('GET', `/api/credits/teams/${team_id}/balance`)).json.credits_remaining,
    ).toBe(100);
  });

  test('sent twenty times at once under one key adds once', async () => {
    const team_id = await team();
    const sent = Array.from({ length: 20 }, async () =>
      post('add', { team_id, amount: 5 }, 'twenty'),
    );
    const told = await Promise.all(sent);
    expect(told.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(told.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect(
      (await door.ask('GET', `/api/credits/teams/${team_id}/balance`)).json.credits_remaining,
    ).toBe(105);
  });
});

test('a payment is added, recurring or not, with what was paid in its reason', async () => {
  const id = await team();
  const body = { credits: 10, payment_type: 'subscription', payment_amount_usd: 9.5 };
  const told = await post(`teams/${id}/replenish`, body);
  expect(told.json).toMatchObject({
    credits_added: 10,
    credits_before: 100,
    credits_after: 110,
    payment_type: 'subscription',
    transaction: {
      transaction_type: 'subscription_payment',
      reason: 'Credit replenishment from subscription payment ($9.50 USD)',
    },
  });
  const once = await post(`teams/${id}/replenish`, { credits: 10, payment_type: 'one_time' });
  expect(once.json.transaction.transaction_type).toBe('allocation');
});

describe('a deduction', () => {
  test('takes what is spendable, and refuses more with the figure', async () => {
    const team_id = await team(10);
    const told = await post('deduct', { team_id, credits: 4, reason: 'Correction' }, 'deduct-1');
    expect(told.json).toMatchObject({
      credits_deducted: 4,
      credits_remaining: 6,
      credits_reserved: 0,
    });
    const more = await post('deduct', { team_id, credits: 7 });
    expect(more.status).toBe(409);
    expect(more.json).toMatchObject({ code: 'credits_not_spendable' });
    expect(more.json.detail).toContain('6 credits spendable');
    const body = { team_id, credits: 4, reason: 'Correction' };
    expect((await post('deduct', body, 'deduct-1')).json).toEqual(told.json);
    expect((await post('deduct', { ...body, credits: 5 }, 'deduct-1')).status).toBe(422);
  });
});

describe('a transfer', () => {
  test('moves credits within an organization and not out of it', async () => {
    const [from, to, foreign] = [await team(10), await team(0), await team(0, 'other')];
    const told = await post('transfer', { from_team_id: from, to_team_id: to, credits: 3 });
    expect(told.json).toMatchObject({
      from_team_id: from,
      to_team_id: to,
      credits_moved: 3,
      credits_remaining: 7,
    });
    expect(
      (await door.ask('GET', `/api/credits/balance?team_id=${to}`)).json.credits_remaining,
    ).toBe(3);
    for (const [to_team_id, status] of [
      [foreign, 400],
      [from, 400],
      ['nobody', 404],
    ]) {
      expect((await post('transfer', { from_team_id: from, to_team_id, credits: 1 })).status).toBe(
        status,
      );
    }
  });
});

describe('a refund', () => {
  test('gives back a call in parts, at most what it was charged', async () => {
    const team_id = await team(10);
    await spend(door, team_id, 4n);
    const event = await door.postgres.usageEvent.findFirstOrThrow({ where: { teamId: team_id } });
    const call_id = event.id;
    expect((await post('refund', { call_id, credits: 1.5 })).json).toMatchObject({
      team_id,
      credits_refunded: 1.5,
      credits_remaining: 7.5,
    });
    expect((await post('refund', { call_id, credits: 3 })).status).toBe(400);
    expect((await post('refund', { call_id })).json).toMatchObject({
      credits_refunded: 2.5,
      credits_remaining: 10,
    });
    expect((await post('refund', { call_id })).json.code).toBe('refund_too_large');
    expect((await post('refund', { call_id: 'nothing' })).status).toBe(404);
  });
});

describe('a check', () => {
  test('says whether a charge would pass now, with the figures that decide', async () => {
    const id = await team(10);
    const told = await post(`teams/${id}/check?credits_needed=10`, undefined);
    expect(told.json).toEqual({
      team_id: id,
      has_credits: true,
      available: true,
      credits_needed: 10,
      credits_remaining: 10,
      spendable: 10,
      reserved: 0,
      overdraft: 0,
      status: 'active',
    });
    expect((await post('check', { team_id: id, credits_needed: '10.000001' })).json).toMatchObject({
      has_credits: false,
      error: 'Insufficient credits: 10.000001 are needed, 10 are spendable',
    });
    expect((await post('check', { team_id: id })).json.credits_needed).toBe(1);
    expect((await post('check', { team_id: 'nobody' })).status).toBe(404);
    expect((await post(`teams/${id}/check?credits_needed=x`, undefined)).status).toBe(400);
  });
});

describe('policy and refill', () => {
  test('are set as a whole or in part, and speak of what holds', async () => {
    const id = await team(10);
    const put = async (path: string, body: unknown) =>
      door.ask('PUT', `/api/credits/teams/${id}/${path}`, body);
    const soft = await put('policy', { limit_policy: 'soft', overdraft: 5, auto_suspend: true });
    expect(soft.json).toMatchObject({
      limit_policy: 'soft',
      overdraft: 5,
      auto_suspend: true,
      grace_until: null,
    });
    expect((await post('check', { team_id: id, credits_needed: 15 })).json.available).toBe(true);
    expect((await put('policy', { limit_policy: 'soft', overdraft: -5 })).status).toBe(400);
    expect((await put('policy', { limit_policy: 'none' })).status).toBe(422);
    const refill = { amount: 50, every: 'monthly', below: 5, monthly_max: 500 };
    expect((await put('auto-refill', refill)).json).toEqual({
      team_id: id,
      enabled: true,
      ...refill,
    });
    expect((await put('auto-refill', { amount: 0, below: 5 })).status).toBe(400);
    expect((await put('auto-refill', { below: 5 })).status).toBe(400);
    expect((await put('auto-refill', { enabled: false })).json).toMatchObject({
      enabled: false,
      amount: null,
    });
  });
});

test('transactions come in pages that lead to each other, each line once', async () => {
  const team_id = await team(1);
  for (let at = 0; at < 4; at += 1) {
    await post('add', { team_id, amount: 1 });
  }
  const path = `/api/credits/teams/${team_id}/transactions?limit=2`;
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await door.ask('GET', after === undefined ? path : `${path}&after=${after}`);
    seen.push(
      ...page.json.transactions.map((line: { transaction_id: string }) => line.transaction_id),
    );
    expect(page.json.total).toBe(5);
    after = page.json.next_after;
  } while (after !== undefined);
  expect(seen).toHaveLength(5);
  expect(new Set(seen).size).toBe(5);
  const list = `/api/credits/transactions?team_id=${team_id}`;
  const whole = await door.ask('GET', list);
  expect(
    whole.json.transactions.map((line: { transaction_id: string }) => line.transaction_id),
  ).toEqual(seen);
  const ofKind = await door.ask('GET', `${list}&type=addition&limit=2`);
  expect([ofKind.json.total, ofKind.json.transactions.length]).toEqual([5, 2]);
  const none = await door.ask('GET', `${path}&kind=refund`);
  expect(none.json).toMatchObject({ total: 0, transactions: [] });
  expect((await door.ask('GET', `${path}&after=x`)).status).toBe(422);
});
