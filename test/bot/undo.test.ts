// Taking back what was done: by whom, how long, and what becomes of what has changed since.

import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { balanceOf, givenTeam } from './person.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const MINUTE_MS = 60_000;
const OTHER = APPROVER;
const OWNER = VIEWER;

let subject: BotUnderTest;
let desk: Desk;
let aheadMs = 0;

beforeAll(async () => {
  subject = await startBot({
    roles: { owners: [OWNER], managers: [MANAGER, OTHER], approvers: [], viewers: [] },
    approvals: { perPersonPerDay: null },
  });
  Object.assign(subject.stores, { clock: () => Date.now() + aheadMs });
  desk = createDesk(subject);
});
beforeEach(() => {
  aheadMs = 0;
  desk.begin();
});
afterAll(async () => subject.close());

type Shown = Awaited<ReturnType<Desk['told']>>;

/** The same message where everybody sees it: Slack shows an answer to its author alone, and that is not relied upon. */
async function forEverybody({ blocks, text }: Shown): Promise<{ stamp: string; blocks: unknown }> {
  const { botToken, url } = subject.workspace;
  const client = new WebClient(botToken, { slackApiUrl: `${url}/api/` });
  const { ts } = await client.chat.postMessage({
    channel: 'C0ACME',
    text,
    blocks,
  });
  return { stamp: ts ?? '', blocks };
}

async function toppedUp(teamId: string, credits = '1000') {
  await givenTeam(subject, teamId, { credits });
  await desk.type(`/team topup ${teamId} 70 reason=slip`);
  return desk.told('Added 70 credits');
}

/** Three teams of an organization, and what was done to all of them. */
async function bulkDone(organizationId: string, command: string, button: string) {
  for (const id of ['a', 'b', 'c']) {
    const wish = { organizationId, channelId: undefined, credits: '100' };
    await givenTeam(subject, `${organizationId}-${id}`, wish);
  }
  await desk.type(`/team bulk ${command} org=${organizationId} reason=slip`);
  await desk.press(await desk.told(`${button}?`), button);
  return desk.told(`${button}: 3 done`);
}
const statusOf = async (teamId: string) =>
  (await subject.stores.records.teams.find(teamId))?.status;

describe('a top-up', () => {
  test('is undone once, by an entry of its own, and who presses again is told', async () => {
    const done = await toppedUp('undo-once');
    await Promise.all([desk.press(done, 'Undo'), desk.press(done, 'Undo')]);
    await desk.told('Undone: 70 credits taken back');
    await desk.told('undid this before');
    expect(await balanceOf(subject, 'undo-once')).toBe(1_000n * CREDIT);
    const [entry] = await subject.stores.records.ledger.history('undo-once', 1);
    expect(entry).toMatchObject({ amount: -70n * CREDIT, reason: 'Undo: slip' });
  });

  test('is undone by nobody else but an owner', async () => {
    const shown = await forEverybody(await toppedUp('undo-whose'));
    await desk.press(shown, 'Undo', OTHER);
    await desk.told(`Only <@${MANAGER}>, who did it, or an owner can undo it`, OTHER);
    expect(await balanceOf(subject, 'undo-whose')).toBe(1_070n * CREDIT);
    await desk.press(shown, 'Undo', OWNER);
    await subject.idle();
    expect(await balanceOf(subject, 'undo-whose')).toBe(1_000n * CREDIT);
  });

  test('is not undone by its button when the minutes are over, and the other way is named', async () => {
    const done = await toppedUp('undo-late');
    aheadMs = 11 * MINUTE_MS;
    await desk.press(done, 'Undo');
    const said = textOf(await desk.told('It is too late to undo this'));
    expect(said).toContain('/team credits deduct undo-late');
    expect(await balanceOf(subject, 'undo-late')).toBe(1_070n * CREDIT);
  });

  test('whose credits were used since is left as it is, with what there still is', async () => {
    const done = await toppedUp('undo-used', '0');
    await spend(subject, 'undo-used', 20n);
    await desk.press(done, 'Undo');
    expect(textOf(await desk.told('50 credits'))).not.toContain('Undone');
    expect(await balanceOf(subject, 'undo-used')).toBe(50n * CREDIT);
  });

  test('that somebody has taken back by hand is not taken twice', async () => {
    const done = await toppedUp('undo-by-hand', '0');
    await desk.type('/team credits deduct undo-by-hand 70 reason=slip sure=yes');
    await desk.told('70 credits deducted');
    await desk.press(done, 'Undo');
    await desk.told('0 credits');
    expect(await balanceOf(subject, 'undo-by-hand')).toBe(0n);
  });
});

describe('a change to many teams', () => {
  test('is undone by nobody else but an owner', async () => {
    const shown = await forEverybody(await bulkDone('whose', 'pause', 'Pause 3 teams'));
    await desk.press(shown, 'Undo', OTHER);
    await desk.told(`Only <@${MANAGER}>, who did it, or an owner can undo it`, OTHER);
    expect(await statusOf('whose-a')).toBe('paused');
    await desk.press(shown, 'Undo', OWNER);
    await subject.idle();
    expect(await statusOf('whose-a')).toBe('active');
  });

  test('is not undone by its button when the time is over', async () => {
    const done = await bulkDone('late', 'pause', 'Pause 3 teams');
    aheadMs = 71 * MINUTE_MS;
    await desk.press(done, 'Undo');
    await desk.told('too old');
    expect(await statusOf('late-a')).toBe('paused');
  });

  test.each([
    { verb: 'pause', title: 'Pause 3 teams', by: 'suspended' },
    { verb: 'suspend', title: 'Suspend 3 teams', by: 'active' },
  ] as const)('by $verb leaves alone whom somebody changed since', async ({ verb, title, by }) => {
    const done = await bulkDone(`since-${verb}`, verb, title);
    const change = { teamId: `since-${verb}-b`, status: by, reason: 'Somebody else' };
    await setTeamStatus(subject.stores, { id: `slack:${OTHER}`, door: 'slack' }, change);
    await desk.press(done, 'Undo');
    const said = textOf(await desk.told(`Undo “${title}”: 2 done, 1 not done`));
    expect(said).toContain(`since-${verb}-b was left alone: it is ${by} by now`);
    const statuses = await Promise.all(
      ['a', 'b', 'c'].map(async (id) => statusOf(`since-${verb}-${id}`)),
    );
    expect(statuses).toEqual(['active', by, 'active']);
  });

  test('by a top-up takes back what is still there, and tells of the team that used it', async () => {
    const done = await bulkDone('used', 'topup credits=50', 'Top up 3 teams');
    await spend(subject, 'used-b', 120n);
    await desk.press(done, 'Undo');
    const said = textOf(await desk.told('Undo “Top up 3 teams”: 2 done, 1 not done'));
    expect(said).toContain('`used-b`: ');
    expect(await balanceOf(subject, 'used-a')).toBe(100n * CREDIT);
    expect(await balanceOf(subject, 'used-b')).toBe(30n * CREDIT);
  });
});
