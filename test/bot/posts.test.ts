// Posts reach Slack once and in order, whatever Slack does and whoever dies. No bot: a sender and a
// workspace, in a time that the test sets.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { deliverPosts } from '../../src/bot/posts/deliver.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { setOrganizationStatus } from '../../src/core/organizations/set-status.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { mailTo } from '../support/mail.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { givenTeam } from './person.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const API = { id: 'api:billing', door: 'api' } as const;

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

afterEach(async () => {
  room.workspace.control.restore();
  await room.pass(10);
});

async function add(teamId: string, credits: number): Promise<void> {
  const wish = { teamId, amount: BigInt(credits) * CREDIT, reason: `No. ${credits}` };
  await topUp(room.stores, API, { ...wish, reference: `${teamId}-${credits}-${room.now()}` });
}

test('a change through the API is told in the channel of its team, with who made it', async () => {
  const { id, channelId } = await room.team();
  await add(id, 500);
  await room.sayAll();
  expect(room.said(channelId)).toEqual([
    expect.stringContaining(`Team *${id}* created by the API (admin)`),
    expect.stringContaining(
      `Team *${id}* topped up by the API (billing): 500 credits, now 1,500 credits`,
    ),
  ]);
});

test('what happens to an organization is told once in each channel of its teams', async () => {
  const [first, second] = [
    await room.team({ organizationId: 'globex' }),
    await room.team({ organizationId: 'globex' }),
  ];
  const wish = { organizationId: 'globex', status: 'suspended', reason: 'Unpaid' } as const;
  await setOrganizationStatus(room.stores, API, wish);
  await room.sayAll();
  for (const { channelId } of [first, second]) {
    expect(room.said(channelId).at(-1)).toContain(
      '🔴 Suspended: organization *globex* with all its teams, by the API (billing): Unpaid',
    );
    expect(room.said(channelId)).toHaveLength(2);
  }
});

test.each([
  ['429', { status: 429, retryAfterSeconds: 90 }],
  ['503', { status: 503 }],
  ['500 though it posts', { status: 500, losesAnswer: true }],
] as const)(
  'Slack answers %s for an hour: all is told once, in order, and what is stale is merged',
  async (_name, outage) => {
    const [one, other] = [await room.team(), await room.team()];
    const end = room.workspace.control.outage(outage);
    for (let number = 1; number <= 6; number += 1) {
      await add(one.id, number);
      await room.pass(10);
    }
    await setTeamStatus(room.stores, API, { teamId: other.id, status: 'paused' });
    await setTeamStatus(room.stores, API, { teamId: other.id, status: 'active' });
    await room.sayAll();
    end();
    await room.pass(15);
    const all = room.said(one.channelId).join('\n');
    expect([...all.matchAll(/No\. (\d)/g)].map((match) => match[1]).join('')).toBe('123456');
    expect(room.said(one.channelId).length).toBeLessThanOrEqual(3);
    expect(room.said(other.channelId)).toHaveLength(2);
    expect(room.said(other.channelId)[1]).toMatch(/Paused.*Resumed/s);
  },
);

test('a sender that dies after Slack took a message leaves none that is posted twice', async () => {
  const { id, channelId } = await room.team();
  await add(id, 7);
  const dying = {
    ...room.stores.records.posts,
    said: async () => {
      throw new Error('killed');
    },
    release: async () => undefined,
  };
  const dead = {
    ...room.mail,
    stores: { ...room.stores, records: { ...room.stores.records, posts: dying } },
  };
  await expect(deliverPosts({ ...dead, name: 'dead' })).rejects.toThrow('killed');
  expect(room.said(channelId)).toHaveLength(2);
  await add(id, 8);
  await room.sayAll();
  expect(room.said(channelId)).toHaveLength(2);
  await room.pass(5);
  expect(room.said(channelId)).toHaveLength(3);
  expect(room.said(channelId)[2]).toContain('No. 8');
});

test('five senders at once say everything once and in order', async () => {
  const { id, channelId } = await room.team();
  const senders = Array.from({ length: 5 }, () => mailTo(room.workspace, room.stores));
  for (let number = 1; number <= 6; number += 1) {
    await add(id, number);
    await Promise.all(senders.map(async (sender) => deliverPosts(sender)));
  }
  await room.sayAll();
  const all = room.said(channelId).join('\n');
  expect([...all.matchAll(/No\. (\d)/g)].map((match) => match[1]).join('')).toBe('123456');
});

test('the news of an archived channel go to the operators, and an administrator is told once', async () => {
  const { id, channelId } = await room.team();
  await room.mail.client.conversations.archive({ channel: channelId });
  await add(id, 3);
  await room.sayAll();
  await add(id, 4);
  await room.sayAll();
  expect(room.said('C0OPS').filter((text) => text.includes(`*${id}* topped up`))).toHaveLength(2);
  const { channel } = await room.mail.client.conversations.open({ users: 'U0MANAGER' });
  const told = room.said(channel?.id ?? '').filter((text) => text.includes(channelId));
  expect(told).toEqual([expect.stringContaining(`it is archived`)]);
  expect(told[0]).toContain(`\`${id}\``);
  await room.mail.client.conversations.unarchive({ channel: channelId });
  await add(id, 5);
  await room.sayAll();
  expect(room.said(channelId).at(-1)).toContain('No. 5');
});

test('what can not be told in the channel of a team is told in that of its organization, then to the operators', async () => {
  const { channel } = await room.mail.client.conversations.create({ name: 'initech' });
  const home = channel?.id ?? '';
  const { id, channelId } = await room.team({ organizationId: 'initech' });
  await updateOrganization(room.stores, API, 'initech', { channelId: home });
  await givenTeam(room, 'initech-dev', {
    organizationId: 'initech',
    channelId: undefined,
  });
  await add('initech-dev', 1);
  await room.sayAll();
  expect(room.said(home).at(-1)).toContain('Team *initech-dev* topped up');
  expect(
    room.said(home).filter((text) => text.includes('Organization *initech* changed')),
  ).toHaveLength(1);
  await room.mail.client.conversations.archive({ channel: channelId });
  await add(id, 2);
  await room.sayAll();
  expect(room.said(home).at(-1)).toContain(`Team *${id}* topped up`);
  await room.mail.client.conversations.archive({ channel: home });
  await add(id, 3);
  await room.sayAll();
  expect(room.said('C0OPS').at(-1)).toContain('No. 3');
  const { channel: own } = await room.mail.client.conversations.open({ users: 'U0MANAGER' });
  const told = room.said(own?.id ?? '').filter((text) => text.includes(home));
  expect(told.filter((text) => text.includes("the operators' channel"))).toHaveLength(1);
});

test('after an outage an alert tells the state as it is then, and what is over is not told', async () => {
  const [low, over] = [await room.team(), await room.team()];
  const end = room.workspace.control.outage({ status: 503 });
  await spend(room, low.id, 850n);
  await spend(room, over.id, 850n);
  await watchLowCredit(room.stores);
  await room.pass(30);
  await spend(room, low.id, 50n);
  await add(over.id, 5_000);
  await watchLowCredit(room.stores);
  await room.pass(30);
  end();
  await room.pass(10);
  const alert = room.said(low.channelId).filter((text) => text.includes('is low on credits'));
  expect(alert).toEqual([expect.stringContaining('*100 credits* spendable')]);
  expect(room.said(over.channelId).join('')).not.toContain('low on credits');
  expect(room.said(over.channelId).join('')).not.toContain('Resolved');
});

test('a post that nobody can put into words is given up by name, and holds up nothing', async () => {
  const { id, channelId } = await room.team();
  await room.postgres.channelPost.create({
    data: { place: channelId, kind: 'of-the-future', facts: {} },
  });
  await add(id, 2);
  await room.pass(30);
  expect(room.said(channelId).at(-1)).toContain('No. 2');
  const given = await room.postgres.channelPost.findFirst({ where: { kind: 'of-the-future' } });
  expect(given).toMatchObject({ outcome: 'given_up' });
  expect(given?.complaint).toContain('no way to say a post of the kind "of-the-future"');
});
