// Each kind of alert, where its channel can't be posted in: it goes on in the next place, once, kept current there,
// and who can mend the channel is told once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALERT_KINDS } from '../../src/core/alerts/episode.ts';
import type { AlertFacts, AlertKind, Finding } from '../../src/core/alerts/episode.ts';
import { settle } from '../../src/core/alerts/settle.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { givenTeam } from './person.ts';
import { spend } from './usage.ts';

const MANAGER = 'U0MANAGER';
const OPERATORS = 'C0OPS';
const CREDITS = String(10n ** 9n);
const SOON = new Date(Date.now() + 86_400_000).toISOString();

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

/** What the message of each kind says. */
const FACTS: { readonly [Kind in AlertKind]: AlertFacts } = {
  low_credit: { spendableMicrocredits: CREDITS, allotmentMicrocredits: CREDITS },
  running_out: { balanceMicrocredits: CREDITS, earliest: SOON, latest: SOON },
  budget: { meter: 'budget-1mo', whose: 'it', spentNanoUsd: CREDITS, maxNanoUsd: CREDITS },
  unusual_usage: { times: 9, latestMicrocredits: CREDITS, usualMicrocredits: CREDITS, calls: '9' },
  error_spike: { calls: '9', failed: '9' },
  key_expiring: { name: 'CI', lastFour: 'abcd', expiresAt: SOON },
  grant_expiring: { remainingMicrocredits: CREDITS, expiresAt: SOON },
  refill_failed: {
    balanceMicrocredits: CREDITS,
    belowMicrocredits: CREDITS,
    amountMicrocredits: CREDITS,
    monthlyMaxMicrocredits: CREDITS,
  },
};

/** A team for each kind, each with a channel of its own. */
async function teamsFor(trouble: string, wish: { readonly is_private: boolean }) {
  const teams: { kind: AlertKind; id: string; channelId: string }[] = [];
  for (const kind of ALERT_KINDS) {
    const id = `${trouble}-${kind}`.replaceAll('_', '-');
    const { channel } = await room.mail.client.conversations.create({ name: id, ...wish });
    const channelId = channel?.id ?? '';
    await givenTeam(room, id, { organizationId: trouble, channelId });
    teams.push({ kind, id, channelId });
  }
  // Its message says what is left by now.
  await spend(room, `${trouble}-low-credit`, 850n);
  await room.sayAll();
  return teams;
}

type Teams = Awaited<ReturnType<typeof teamsFor>>;

/** Begins an alert for each, or brings it to its next stage. */
async function alertAll(teams: Teams, stage: number): Promise<void> {
  for (const { kind, id: teamId } of teams) {
    const open = await room.stores.records.alerts.openOfKind(kind);
    const facts = FACTS[kind];
    const finding: Finding = { teamId, subject: '', stage, severity: 'warning', facts };
    await settle(
      room.stores,
      kind,
      finding,
      open.find((each) => each.teamId === teamId),
    );
  }
}

/** The alerts of a team in a channel, and what stands in their threads. */
function alertsOf(teamId: string, channel: string) {
  const all = room.workspace.control.messages({ channel });
  const roots = all.filter(
    ({ text, threadStamp }) => threadStamp === undefined && text.startsWith(`Team ${teamId} `),
  );
  const threads = roots.map(({ stamp }) => all.filter((m) => m.threadStamp === stamp).length);
  return { roots: roots.length, threads };
}

describe.each([
  {
    trouble: 'archived',
    wish: { is_private: false },
    begin: async (channel: string) => {
      await room.mail.client.conversations.archive({ channel });
    },
    complaint: 'it is archived',
  },
  {
    trouble: 'deleted',
    wish: { is_private: false },
    begin: async (channel: string) => {
      room.workspace.control.changeChannel({ channel, change: 'deleted' });
    },
    complaint: 'there is no such channel that I can see',
  },
  {
    trouble: 'not-in-it',
    wish: { is_private: true },
    begin: async (channel: string) => {
      room.workspace.control.changeChannel({ channel, change: 'app_removed' });
    },
    complaint: 'invite me there with /invite',
  },
])('in a channel: $trouble', ({ trouble, wish, begin, complaint }) => {
  test('every kind goes on with the operators, and an administrator is told once', async () => {
    const teams = await teamsFor(trouble, wish);
    for (const { channelId } of teams) {
      await begin(channelId);
    }
    await alertAll(teams, 20);
    await room.sayAll();
    await alertAll(teams, 5);
    await room.sayAll();
    const standing = teams.map(({ kind, id }) => ({ kind, ...alertsOf(id, OPERATORS) }));
    expect(standing).toEqual(ALERT_KINDS.map((kind) => ({ kind, roots: 1, threads: [1] })));
    const told = room.said(await room.conversationWith(MANAGER));
    const tellings = teams.map(({ channelId }) => told.filter((text) => text.includes(channelId)));
    expect(tellings.map((texts) => texts.length)).toEqual(teams.map(() => 1));
    expect(tellings.flat().every((text) => text.includes(complaint))).toBe(true);
  });
});

test('while Slack takes fewer messages, every kind waits for its own channel, and stands there once', async () => {
  const teams = await teamsFor('limited', { is_private: false });
  const told = room.said(await room.conversationWith(MANAGER)).length;
  const end = room.workspace.control.outage({ status: 429, retryAfterSeconds: 90 });
  await alertAll(teams, 20);
  await room.pass(5);
  await alertAll(teams, 5);
  await room.pass(5);
  end();
  await room.pass(5);
  const standing = teams.map(({ kind, id, channelId }) => ({
    kind,
    here: alertsOf(id, channelId).roots,
    elsewhere: alertsOf(id, OPERATORS).roots,
  }));
  expect(standing).toEqual(ALERT_KINDS.map((kind) => ({ kind, here: 1, elsewhere: 0 })));
  expect(room.said(await room.conversationWith(MANAGER))).toHaveLength(told);
});
