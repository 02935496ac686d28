// Slack away for an hour, channels and people that are gone: everything is said once, in order, where it can be.

import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mail } from '../../src/bot/posts/mail.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { sendDigests } from '../../src/core/digests/send-digests.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { noteFailure, noteSuccess } from '../../src/core/tasks/note-run.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { mailTo } from '../support/mail.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const MANAGER = 'U0MANAGER';
const LEAVER = 'U0APPROVER';

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

async function add(teamId: string, credits: number): Promise<void> {
  const wish = { teamId, amount: BigInt(credits) * CREDIT, reason: `No. ${credits}` };
  await topUp(room.stores, SYSTEM, { ...wish, reference: `${teamId}-${credits}` });
}

async function use(teamId: string, credits: bigint): Promise<void> {
  await spend(room, teamId, credits);
  await watchLowCredit(room.stores);
}

/** Nothing waits, and every message that stands in Slack is one that was meant. */
async function expectAllSaidOnce() {
  expect(await room.postgres.channelPost.count({ where: { overAt: null } })).toBe(0);
  const said = await room.postgres.channelPost.findMany({ where: { outcome: 'said' } });
  const meant = new Set(said.map(({ channelId, stamp }) => `${channelId} ${stamp}`));
  const { data } = {
    data: await room.mail.client.conversations.list({ types: 'public_channel,im' }),
  };
  const channels = (data.channels ?? []).map(({ id = '' }) => id);
  const standing = channels.flatMap((channel) =>
    room.workspace.control.messages({ channel }).map(({ stamp }) => `${channel} ${stamp}`),
  );
  expect(standing.toSorted()).toEqual([...meant].toSorted());
}

/** Waits so long for an answer, and no longer. */
function impatient(timeout: number): Mail {
  const client = new WebClient(room.workspace.botToken, {
    slackApiUrl: `${room.workspace.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
  });
  return mailTo(room.workspace, room.stores, { client });
}

test('after an hour of refusals, errors and silence all stands there once, in order, as it is by then', async () => {
  const [busy, over, low] = [await room.team(), await room.team(), await room.team()];
  const digest = { channelId: busy.channelId, subject: { kind: 'team', teamId: busy.id } } as const;
  const nextAt = new Date(room.now() + 35 * MINUTE_MS);
  await room.stores.records.digests.put({
    ...digest,
    every: 'daily',
    csv: false,
    nextAt,
    createdBy: 'x',
  });
  const { control } = room.workspace;
  const news: Record<number, () => Promise<unknown>> = {
    5: async () => use(over.id, 850n),
    10: async () => add(busy.id, 1),
    15: async () => use(low.id, 850n),
    20: async () => add(busy.id, 2),
    25: async () => use(over.id, 150n),
    30: async () => add(busy.id, 3),
    35: async () => use(low.id, 50n),
    40: async () => add(busy.id, 4),
    45: async () =>
      topUp(room.stores, SYSTEM, {
        teamId: over.id,
        amount: 5_000n * CREDIT,
        reason: 'Invoice',
        reference: 'over',
      }),
    50: async () => add(busy.id, 5),
  };
  // One after the other, with a worker that is stopped and another that begins in each.
  const phases = [
    { until: 20, outage: { status: 429, retryAfterSeconds: 90 }, by: impatient(2_000) },
    { until: 40, outage: { status: 503 }, by: impatient(2_000) },
    { until: 50, outage: { status: 'silent' }, by: impatient(200) },
    { until: 60, outage: { status: 'silent', losesAnswer: true }, by: impatient(200) },
  ] as const;
  let minute = 0;
  for (const { until, outage, by } of phases) {
    const end = control.outage(outage);
    for (; minute < until; minute += 1) {
      await news[minute]?.();
      await Promise.all([watchLowCredit(room.stores), sendDigests(room.stores)]);
      room.setNow(room.now() + MINUTE_MS);
      await room.sayAll(by);
    }
    end();
  }
  await watchLowCredit(room.stores);
  await room.pass(15);

  const told = room.said(busy.channelId);
  expect([...told.join('\n').matchAll(/No\. (\d)/g)].map((match) => match[1]).join('')).toBe(
    '12345',
  );
  expect(told.filter((text) => text.includes(`Yesterday of ${busy.id}`))).toHaveLength(1);
  expect(told.length).toBeLessThanOrEqual(4);
  expect(room.said(over.channelId).join('\n')).not.toMatch(
    /low on credits|no credits left|Resolved/,
  );
  const alerts = room.said(low.channelId).filter((text) => text.includes('is low on credits'));
  expect(alerts).toEqual([expect.stringContaining('*100 credits* spendable')]);
  await expectAllSaidOnce();
}, 60_000);

describe('a channel', () => {
  test('that was deleted gives what was to be said to the next place, and a manager is told once', async () => {
    const { id, channelId } = await room.team({ organizationId: 'deleted' });
    const home = await room.channel('deleted-home');
    await updateOrganization(room.stores, SYSTEM, 'deleted', { channelId: home });
    await room.sayAll();
    room.workspace.control.changeChannel({ channel: channelId, change: 'deleted' });
    await add(id, 1);
    await room.sayAll();
    await add(id, 2);
    await room.sayAll();
    expect(room.said(home).filter((text) => text.includes(`Team *${id}* topped up`))).toHaveLength(
      2,
    );
    const told = room
      .said(await room.conversationWith(MANAGER))
      .filter((text) => text.includes(channelId));
    expect(told).toEqual([expect.stringContaining('there is no such channel that I can see')]);
    expect(told[0]).toContain('invite me there with /invite; else link another channel');
  });

  test('that the bot was taken out of is joined again, unless it is private', async () => {
    const { id, channelId } = await room.team();
    room.workspace.control.changeChannel({ channel: channelId, change: 'app_removed' });
    await add(id, 1);
    await room.sayAll();
    expect(room.said(channelId).at(-1)).toContain('No. 1');
    const created = await room.mail.client.conversations.create({
      name: 'secret',
      is_private: true,
    });
    const secret = created.channel?.id ?? '';
    room.workspace.control.changeChannel({ channel: secret, change: 'app_removed' });
    await updateOrganization(room.stores, SYSTEM, 'acme', { channelId: secret });
    await room.sayAll();
    expect(room.said('C0OPS').at(-1)).toContain('Organization *acme* changed');
  });

  test('that asked for a digest and is gone holds up no other digest', async () => {
    const [gone, there] = [await room.team(), await room.team()];
    const nextAt = new Date(room.now() + HOUR_MS);
    for (const { id: teamId, channelId } of [gone, there]) {
      const asked = await room.channel(`digest-of-${teamId}`);
      const subject = { kind: 'team', teamId } as const;
      const wish = {
        channelId: asked,
        subject,
        every: 'daily',
        csv: false,
        nextAt,
        createdBy: 'x',
      } as const;
      await room.stores.records.digests.put(wish);
      await (channelId === gone.channelId
        ? room.mail.client.conversations.archive({ channel: asked })
        : undefined);
    }
    room.setNow(room.now() + DAY_MS);
    await sendDigests(room.stores);
    await room.sayAll();
    expect(room.said(gone.channelId).at(-1)).toContain(`Yesterday of ${gone.id}`);
    expect(room.said(`#digest-of-${there.id}`).at(-1)).toContain(`Yesterday of ${there.id}`);
  });
});

test('an alert goes on in the next place, with its thread, when its channel is archived', async () => {
  const { id, channelId } = await room.team({ organizationId: 'moved' });
  const home = await room.channel('moved-home');
  await updateOrganization(room.stores, SYSTEM, 'moved', { channelId: home });
  await use(id, 850n);
  await room.sayAll();
  await room.mail.client.conversations.archive({ channel: channelId });
  await use(id, 150n);
  await room.sayAll();
  await add(id, 5_000);
  await watchLowCredit(room.stores);
  await room.sayAll();
  expect(room.said(channelId).at(-1)).toContain('is low on credits');
  const messages = room.workspace.control.messages({ channel: home });
  const root = messages.find(({ text }) => text.includes('Resolved'));
  const thread = messages.filter(({ threadStamp }) => threadStamp === root?.stamp);
  expect(thread.map(({ text }) => text).join('\n')).toMatch(/No credits are left[^]*Topped up/);
});

test('what was to be told to a person who has left goes to the organization, and a manager is told once', async () => {
  const home = await room.channel('left-home');
  await room.team({ organizationId: 'left' });
  await updateOrganization(room.stores, SYSTEM, 'left', { channelId: home });
  await room.workspace.control.changePerson({ user: LEAVER, change: { deactivated: true } });
  for (const due of [1, 2]) {
    await room.stores.records.posts.add({
      place: LEAVER,
      kind: 'onboarding.day_after',
      facts: { organizationId: 'left' },
      organizationId: 'left',
      due: new Date(room.now() + due),
    });
  }
  await room.pass(2);
  expect(room.said(home).filter((text) => text.includes('no call yet'))).toHaveLength(2);
  const told = room.said(await room.conversationWith(MANAGER));
  expect(
    told.filter((text) => text.includes('the account is deactivated, or takes no')),
  ).toHaveLength(1);
});

test('a task that fails is told to the operators once, with the cure, and when it is well again', async () => {
  const noted = { task: 'reconcile', cure: 'see that Redis answers' };
  const ran = () => ({ startedAt: new Date(room.now()), endedAt: new Date(room.now()) });
  const fails = async () => {
    room.setNow(room.now() + MINUTE_MS);
    const run = { ...ran(), error: new Error('boom'), isLast: false };
    await Promise.all([1, 2, 3].map(async () => noteFailure(room.stores, noted, run)));
    await room.sayAll();
  };
  const told = () => room.said('C0OPS').filter((text) => text.includes('task *reconcile*'));
  await fails();
  expect(told()).toEqual([]);
  await fails();
  await fails();
  expect(told()).toEqual([expect.stringContaining('What to do: see that Redis answers')]);
  expect(told()[0]).toContain('`npm run worker:run reconcile`');
  await noteSuccess(room.stores, noted, { ...ran(), everyMs: null });
  await noteSuccess(room.stores, noted, { ...ran(), everyMs: null });
  await room.sayAll();
  expect(told()).toEqual([expect.stringContaining('is well again')]);
});
