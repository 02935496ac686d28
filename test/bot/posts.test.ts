// Posts reach Slack once and in order, whatever Slack does and whoever dies. No bot: a sender and a
// workspace, in a time that the test sets.

import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Mail } from '../../src/bot/posts/mail.ts';
import { deliverPosts } from '../../src/bot/posts/deliver.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { setOrganizationStatus } from '../../src/core/organizations/set-status.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import type { Stores } from '../../src/core/stores.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { mailTo } from '../support/mail.ts';
import { createStores, textOf } from './bot-for-tests.ts';
import { givenTeam } from './person.ts';
import { spend } from './usage.ts';

const MINUTE_MS = 60_000;
const CREDIT = 1_000_000n;
const API = { id: 'api:billing', door: 'api' } as const;

let kept: Awaited<ReturnType<typeof createStores>>;
let workspace: RunningWorkspace;
let stores: Stores;
let mail: Mail;
let nowMs = Date.now();
let teams = 0;

beforeAll(async () => {
  const now = () => nowMs;
  [kept, workspace] = await Promise.all([createStores(), startWorkspace({ port: 0, now })]);
  stores = { ...kept.stores, clock: now };
});
afterAll(async () => {
  await workspace.close();
  await kept.close();
});

beforeEach(() => {
  mail = mailTo(workspace, stores);
});
afterEach(async () => {
  workspace.control.restore();
  nowMs += 10 * MINUTE_MS;
  await sayAll();
});

/** Lets senders do all that can be done at this moment. */
async function sayAll(by: Mail = mail): Promise<void> {
  while ((await deliverPosts(by)) > 0) {
    // Each turn says one message for each place.
  }
}

/** Senders go on through so many minutes. */
async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    nowMs += MINUTE_MS;
    await sayAll();
  }
}

/** A team with a channel of its own, where its creation is told already. */
async function team(wish: { credits?: string; organizationId?: string } = {}) {
  teams += 1;
  const { channel } = await mail.client.conversations.create({ name: `customer-${teams}` });
  const channelId = channel?.id ?? '';
  await mail.client.conversations.join({ channel: channelId });
  const id = `acme-${teams}`;
  await givenTeam({ ...kept, stores }, id, { channelId, ...wish });
  await sayAll();
  return { id, channelId };
}

function said(channel: string): string[] {
  return workspace.control.messages({ channel }).map((message) => textOf(message));
}

async function add(teamId: string, credits: number): Promise<void> {
  const wish = { teamId, amount: BigInt(credits) * CREDIT, reason: `No. ${credits}` };
  await topUp(stores, API, { ...wish, reference: `${teamId}-${credits}-${nowMs}` });
}

test('a change through the API is told in the channel of its team, with who made it', async () => {
  const { id, channelId } = await team();
  await add(id, 500);
  await sayAll();
  expect(said(channelId)).toEqual([
    expect.stringContaining(`Team *${id}* created by the API (admin)`),
    expect.stringContaining(
      `Team *${id}* topped up by the API (billing): 500 credits, now 1,500 credits`,
    ),
  ]);
});

test('what happens to an organization is told once in each channel of its teams', async () => {
  const [first, second] = [
    await team({ organizationId: 'globex' }),
    await team({ organizationId: 'globex' }),
  ];
  const wish = { organizationId: 'globex', status: 'suspended', reason: 'Unpaid' } as const;
  await setOrganizationStatus(stores, API, wish);
  await sayAll();
  for (const { channelId } of [first, second]) {
    expect(said(channelId).at(-1)).toContain(
      '🔴 Suspended: organization *globex* with all its teams, by the API (billing): Unpaid',
    );
    expect(said(channelId)).toHaveLength(2);
  }
});

test.each([
  ['429', { status: 429, retryAfterSeconds: 90 }],
  ['503', { status: 503 }],
  ['500 though it posts', { status: 500, losesAnswer: true }],
] as const)(
  'Slack answers %s for an hour: all is told once, in order, and what is stale is merged',
  async (_name, outage) => {
    const [one, other] = [await team(), await team()];
    const end = workspace.control.outage(outage);
    for (let number = 1; number <= 6; number += 1) {
      await add(one.id, number);
      await pass(10);
    }
    await setTeamStatus(stores, API, { teamId: other.id, status: 'paused' });
    await setTeamStatus(stores, API, { teamId: other.id, status: 'active' });
    await sayAll();
    end();
    await pass(15);
    const all = said(one.channelId).join('\n');
    expect([...all.matchAll(/No\. (\d)/g)].map((match) => match[1]).join('')).toBe('123456');
    expect(said(one.channelId).length).toBeLessThanOrEqual(3);
    expect(said(other.channelId)).toHaveLength(2);
    expect(said(other.channelId)[1]).toMatch(/Paused.*Resumed/s);
  },
);

test('a sender that dies after Slack took a message leaves none that is posted twice', async () => {
  const { id, channelId } = await team();
  await add(id, 7);
  const dying = {
    ...stores.records.posts,
    said: async () => {
      throw new Error('killed');
    },
    release: async () => undefined,
  };
  const dead = { ...mail, stores: { ...stores, records: { ...stores.records, posts: dying } } };
  await expect(deliverPosts({ ...dead, name: 'dead' })).rejects.toThrow('killed');
  expect(said(channelId)).toHaveLength(2);
  await add(id, 8);
  await sayAll();
  expect(said(channelId)).toHaveLength(2);
  await pass(5);
  expect(said(channelId)).toHaveLength(3);
  expect(said(channelId)[2]).toContain('No. 8');
});

test('five senders at once say everything once and in order', async () => {
  const { id, channelId } = await team();
  const senders = Array.from({ length: 5 }, () => mailTo(workspace, stores));
  for (let number = 1; number <= 6; number += 1) {
    await add(id, number);
    await Promise.all(senders.map(async (sender) => deliverPosts(sender)));
  }
  await sayAll();
  const all = said(channelId).join('\n');
  expect([...all.matchAll(/No\. (\d)/g)].map((match) => match[1]).join('')).toBe('123456');
});

test('the news of an archived channel go to the operators, and an administrator is told once', async () => {
  const { id, channelId } = await team();
  await mail.client.conversations.archive({ channel: channelId });
  await add(id, 3);
  await sayAll();
  await add(id, 4);
  await sayAll();
  expect(said('C0OPS').filter((text) => text.includes(`*${id}* topped up`))).toHaveLength(2);
  const { channel } = await mail.client.conversations.open({ users: 'U0MANAGER' });
  const told = said(channel?.id ?? '').filter((text) => text.includes(channelId));
  expect(told).toEqual([expect.stringContaining(`it is archived`)]);
  expect(told[0]).toContain(`\`${id}\``);
  await mail.client.conversations.unarchive({ channel: channelId });
  await add(id, 5);
  await sayAll();
  expect(said(channelId).at(-1)).toContain('No. 5');
});

test('what can not be told in the channel of a team is told in that of its organization, then to the operators', async () => {
  const { channel } = await mail.client.conversations.create({ name: 'initech' });
  const home = channel?.id ?? '';
  const { id, channelId } = await team({ organizationId: 'initech' });
  await updateOrganization(stores, API, 'initech', { channelId: home });
  await givenTeam({ ...kept, stores }, 'initech-dev', {
    organizationId: 'initech',
    channelId: undefined,
  });
  await add('initech-dev', 1);
  await sayAll();
  expect(said(home).at(-1)).toContain('Team *initech-dev* topped up');
  expect(said(home).filter((text) => text.includes('Organization *initech* changed'))).toHaveLength(
    1,
  );
  await mail.client.conversations.archive({ channel: channelId });
  await add(id, 2);
  await sayAll();
  expect(said(home).at(-1)).toContain(`Team *${id}* topped up`);
  await mail.client.conversations.archive({ channel: home });
  await add(id, 3);
  await sayAll();
  expect(said('C0OPS').at(-1)).toContain('No. 3');
  const { channel: own } = await mail.client.conversations.open({ users: 'U0MANAGER' });
  const told = said(own?.id ?? '').filter((text) => text.includes(home));
  expect(told.filter((text) => text.includes("the operators' channel"))).toHaveLength(1);
});

test('after an outage an alert tells the state as it is then, and what is over is not told', async () => {
  const [low, over] = [await team(), await team()];
  const end = workspace.control.outage({ status: 503 });
  await spend({ ...kept, stores }, low.id, 850n);
  await spend({ ...kept, stores }, over.id, 850n);
  await watchLowCredit(stores);
  await pass(30);
  await spend({ ...kept, stores }, low.id, 50n);
  await add(over.id, 5_000);
  await watchLowCredit(stores);
  await pass(30);
  end();
  await pass(10);
  const alert = said(low.channelId).filter((text) => text.includes('is low on credits'));
  expect(alert).toEqual([expect.stringContaining('*100 credits* spendable')]);
  expect(said(over.channelId).join('')).not.toContain('low on credits');
  expect(said(over.channelId).join('')).not.toContain('Resolved');
});

test('a post that nobody can put into words is given up by name, and holds up nothing', async () => {
  const { id, channelId } = await team();
  await kept.postgres.channelPost.create({
    data: { place: channelId, kind: 'of-the-future', facts: {} },
  });
  await add(id, 2);
  await pass(30);
  expect(said(channelId).at(-1)).toContain('No. 2');
  const given = await kept.postgres.channelPost.findFirst({ where: { kind: 'of-the-future' } });
  expect(given).toMatchObject({ outcome: 'given_up' });
  expect(given?.complaint).toContain('no way to say a post of the kind "of-the-future"');
});
