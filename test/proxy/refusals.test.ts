import { request } from 'node:http';
import OpenAI from 'openai';
import {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
let secretKey: string;
let teamId: string;
beforeAll(async () => {
  qm = await startQuartermaster({ upstreamTimeoutMs: 1_000 });
  ({ secretKey, id: teamId } = await qm.team());
});
afterAll(async () => qm[Symbol.asyncDispose]());

const messages = [{ role: 'user' as const, content: 'hi' }];
const refusal = async (
  apiKey: string,
  body: object = {},
): Promise<InstanceType<typeof OpenAI.APIError>> => {
  const client = new OpenAI({ apiKey, baseURL: `${qm.url}/v1`, maxRetries: 0 });
  try {
    await client.chat.completions.create({ model: 'gpt-4o', messages, ...body });
  } catch (error) {
    return error as InstanceType<typeof OpenAI.APIError>;
  }
  throw new Error('the call was not refused');
};
const raw = async (headers: Record<string, string>, body = '{}', path = '/v1/chat/completions') => {
  const response = await fetch(qm.url + path, { method: 'POST', headers, body });
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
};
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${secretKey}` });

describe('who cannot be known is refused with 401', () => {
  test('no key', async () => {
    expect(await raw({})).toMatchObject({ status: 401, code: 'key_missing' });
  });
  test('another scheme', async () => {
    expect(await raw({ authorization: `Basic ${secretKey}` })).toMatchObject({
      status: 401,
      code: 'key_malformed',
      message: expect.stringContaining('the scheme is not "Bearer"'),
    });
  });
  test('a key with spaces around it, and the answer says so', async () => {
    expect(await raw({ authorization: `Bearer  ${secretKey}` })).toMatchObject({
      status: 401,
      code: 'key_malformed',
      message: expect.stringContaining('there are spaces around it'),
    });
  });
  test('a key without its beginning', async () => {
    expect(await raw({ authorization: 'Bearer 1234' })).toMatchObject({ code: 'key_malformed' });
  });
  test('an unknown key, by the class of the official client', async () => {
    const error = await refusal('sk-0000000000000000000000000000000000000000000beef');
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'key_unknown' });
    expect(error.message).toContain('beef');
    expect(error.message).not.toContain('0000');
  });
  test.each(['revoked', 'blocked'] as const)('a %s key', async (status) => {
    const team = await qm.team();
    await qm.postgres.virtualKey.update({
      where: { id: team.keyId },
      data: { status, version: { increment: 1 } },
    });
    await qm.gate.project({ keyId: team.keyId });
    expect(await refusal(team.secretKey)).toMatchObject({ status: 401, code: `key_${status}` });
  });
  test('an expired key, by the clock of the gate', async () => {
    const team = await qm.team();
    await qm.postgres.virtualKey.update({
      where: { id: team.keyId },
      data: { expiresAt: new Date(Date.now() - 1), version: { increment: 1 } },
    });
    await qm.gate.project({ keyId: team.keyId });
    expect(await refusal(team.secretKey)).toMatchObject({ status: 401, code: 'key_expired' });
  });
});

describe('who may not is refused with 403', () => {
  test.each(['suspended', 'paused'] as const)('a %s team', async (status) => {
    const team = await qm.team();
    await setTeamStatus(qm.stores, SYSTEM, { teamId: team.id, status });
    const error = await refusal(team.secretKey);
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, code: `team_${status}` });
  });
  test('a team of a suspended organization', async () => {
    const team = await qm.team({ organizationId: 'gone' });
    await qm.stores.records.organizations.update('gone', { status: 'suspended' });
    await qm.gate.project({ organizationId: 'gone' });
    expect(await refusal(team.secretKey)).toMatchObject({
      status: 403,
      code: 'organization_suspended',
    });
  });
  test('a model that is not allowed, with those that are', async () => {
    const error = await refusal(secretKey, { model: 'claude-sonnet-4-5' });
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error.message).toContain('Model access denied');
    expect(error.message).toContain('gpt-4o, gpt-4o-mini, text-embedding-3-small, two-ways');
  });
  test('a team without credits, with the numbers that were compared', async () => {
    const team = await qm.team({ credits: 500_000n });
    const error = await refusal(team.secretKey);
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error.message).toContain(
      'Insufficient credits: team team-8 has 0.5 spendable credits, this call must reserve 1.'.replace(
        'team-8',
        team.id,
      ),
    );
  });
});

describe('what cannot be read is refused with 4xx and a cure', () => {
  test('an unknown model: 404, with the models there are', async () => {
    const error = await refusal(secretKey, { model: 'gpt-99' });
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error.message).toContain('There is no model gpt-99 here');
    expect(error.message).toContain('gpt-4o-mini');
  });
  test.each([
    ['max_tokens', -1],
    ['max_tokens', 1.5],
    ['max_completion_tokens', 0],
    ['max_tokens', 1e300],
    ['n', 0],
    ['n', 129],
    ['stream', 'yes'],
    ['messages', []],
    ['stream_options', 'all'],
  ])('%s: %j', async (parameter, value) => {
    const error = await refusal(secretKey, { [parameter]: value });
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, code: 'parameter_invalid', param: parameter });
  });
  test.each([
    ['nothing', '', 'it is empty'],
    ['no JSON', 'model=gpt-4o', 'it cannot be parsed'],
    ['a list', '[1]', 'it is not an object'],
  ])('a body that is %s', async (_, body, complaint) => {
    const answer = await raw(bearer(), body);
    expect(answer).toMatchObject({ status: 400, code: 'body_not_json' });
    expect(answer.message).toContain(complaint);
  });
  test('a body that names the model twice, so that nobody upstream reads it otherwise', async () => {
    const body = `{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}],"mod\\u0065l":"gpt-4o"}`;
    expect(await raw(bearer(), body)).toMatchObject({ status: 400, code: 'parameter_invalid' });
  });
  test('a body of 20 MB: 413', async () => {
    const body = JSON.stringify({ model: 'gpt-4o', messages, padding: 'x'.repeat(20_000_000) });
    expect(await raw(bearer(), body)).toMatchObject({ status: 413, code: 'body_too_large' });
  });
  test('a header of 64 KB: 431', async () => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${qm.url}/v1/models`, { headers: { 'x-large': 'x'.repeat(65_536) } });
      call.on('response', (response) => resolve(response.statusCode));
      call.on('error', reject);
      call.end();
    });
    expect(status).toBe(431);
  });
  test('a route that does not exist, and a method that does not', async () => {
    expect(await raw(bearer(), '{}', '/v1/files')).toMatchObject({
      status: 404,
      code: 'route_unknown',
    });
    const response = await fetch(`${qm.url}/v1/chat/completions`, { headers: bearer() });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
  test('a call whose cost cannot be bounded, unless the team pays by the job', async () => {
    const file = { role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] };
    const byUsage = await qm.team({ terms: { budgetMode: 'consumption_usd' } });
    expect(await refusal(byUsage.secretKey, { messages: [file] })).toMatchObject({
      status: 400,
      code: 'cost_unbounded',
    });
    expect((await qm.call(secretKey, { messages: [file] })).status).toBe(200);
  });
});

describe('when the provider fails, nothing is charged and no text of it leaks', () => {
  const spent = async (): Promise<bigint> =>
    (await qm.gate.balance({ id: teamId, organizationId: 'acme' })).charged;

  test.each([
    [500, 502, 'upstream_failed'],
    [503, 502, 'upstream_failed'],
    [401, 502, 'upstream_failed'],
    ['garbage', 502, 'upstream_failed'],
    ['hang', 504, 'upstream_timeout'],
  ] as const)('%s becomes %i', async (fault, status, code) => {
    const before = await spent();
    qm.provider.plan({ fault, times: 3 });
    const error = await refusal(secretKey);
    qm.provider.clearFaults();
    expect(error).toMatchObject({ status, code });
    expect(await spent()).toBe(before);
    expect(await qm.gate.balance({ id: teamId, organizationId: 'acme' })).toMatchObject({
      reserved: 0n,
    });
  });

  test('429 stays 429, with its Retry-After, as the class of the official client', async () => {
    const before = await spent();
    qm.provider.plan({ fault: 429, times: 3, retryAfterSeconds: 7 });
    const error = await refusal(secretKey);
    qm.provider.clearFaults();
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error.headers?.get('retry-after')).toBe('7');
    expect(await spent()).toBe(before);
  });

  test('a single hiccup is not seen by the client, and charged once', async () => {
    const before = await spent();
    qm.provider.plan({ fault: 500, times: 1 });
    expect((await qm.call(secretKey)).status).toBe(200);
    expect((await spent()) - before).toBe(1_000_000n);
  });

  test('the next deployment of the same model takes over', async () => {
    qm.provider.plan({ fault: 500, times: 2, model: 'way-a' });
    const statuses = await Promise.all(
      Array.from({ length: 6 }, async () =>
        qm.call(secretKey, { model: 'two-ways' }).then((response) => response.status),
      ),
    );
    qm.provider.clearFaults();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
  });

  test('a stream that is cut ends the client stream too, and is free for who pays by the job', async () => {
    const before = await spent();
    qm.provider.plan({ fault: 'cut', times: 1 });
    const response = await qm.call(secretKey, { stream: true });
    await expect(response.text()).rejects.toThrow();
    await expect
      .poll(async () => qm.gate.balance({ id: teamId, organizationId: 'acme' }))
      .toMatchObject({
        reserved: 0n,
      });
    expect(await spent()).toBe(before);
  });

  test('usage that the provider does not tell is counted and marked as estimated', async () => {
    const team = await qm.team({ terms: { budgetMode: 'consumption_usd' } });
    qm.provider.plan({ fault: 'no-usage', times: 2 });
    await (await qm.call(team.secretKey)).text();
    await (await qm.call(team.secretKey, { stream: true })).text();
    qm.provider.clearFaults();
    await qm.drain();
    const events = await qm.postgres.usageEvent.findMany({ where: { teamId: team.id } });
    expect(events).toHaveLength(2);
    for (const event of events) {
      expect(event.estimated).toBe(true);
      expect(event.outputTokens).toBeGreaterThan(0n);
      expect(event.charge).toBeGreaterThan(0n);
    }
  });
});

describe('a client that leaves', () => {
  test('a stream stops the upstream and pays for what it got', async () => {
    const slow = await startQuartermaster({ eventDelayMs: 20 });
    try {
      const team = await slow.team();
      const leaving = new AbortController();
      const response = await fetch(`${slow.url}/v1/chat/completions`, {
        method: 'POST',
        signal: leaving.signal,
        headers: { authorization: `Bearer ${team.secretKey}` },
        body: JSON.stringify({ model: 'gpt-4o', messages, stream: true }),
      });
      await response.body?.getReader().read();
      leaving.abort();
      await expect.poll(async () => slow.provider.stats().aborted).toBe(1);
      await expect
        .poll(async () => slow.gate.balance({ id: team.id, organizationId: 'acme' }))
        .toMatchObject({ reserved: 0n, charged: 1_000_000n });
    } finally {
      await slow[Symbol.asyncDispose]();
    }
  });
});
