// Many at once, through Slack itself: clicks on one button, people at one card, deliveries of one request.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ShownMessage } from '../../src/embedded/slack/people/shown.ts';
import { MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk, effectsOf } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { balanceOf, buttonOf, givenTeam, untilAllIsSaid } from './person.ts';

const CREDIT = 1_000_000n;
const CLICKS = 50;
const TWENTY = Array.from({ length: 20 }, (_, at) => `U0APPROVER${at}`);
const ASKED_IN = '#acme-prod';

let subject: BotUnderTest;
let desk: Desk;

beforeAll(async () => {
  subject = await startBot({
    roles: { ...ROLES, approvers: TWENTY, owners: [VIEWER] },
    colleagues: TWENTY.map((id) => ({
      id,
      handle: id.toLowerCase(),
      name: id,
      title: 'Approver',
      email: `${id}@northwind.example`,
      timeZone: 'Europe/Stockholm',
      isBot: false,
    })),
    // No channel for approvals: each approver has a card of their own, and one stands where it was asked.
    approvals: { channelId: undefined, perPersonPerDay: null },
  });
  desk = createDesk(subject);
});
beforeEach(() => desk.begin());
afterAll(async () => subject.close());

/** Until everything that was to be said is said. */
async function said() {
  await subject.idle();
  await untilAllIsSaid(subject);
}

/** How much more was done than before. */
async function effectsDuring(work: () => Promise<unknown>) {
  const before = await effectsOf(subject);
  await work();
  await said();
  const after = await effectsOf(subject);
  return Object.entries(after).map(([what, count]) => [
    what,
    count - before[what as keyof typeof before],
  ]);
}

describe('fifty clicks on', () => {
  test.each([
    { label: 'Deduct', type: '/team credits deduct TEAM 2 reason=x', part: 'Deduct *2 credits*' },
    { label: 'Undo', type: '/team topup TEAM 70 reason=slip', part: 'Added 70 credits' },
    { label: 'Suspend', type: '/team suspend TEAM reason=x', part: 'Suspend `TEAM`' },
    { label: 'Archive', type: '/team archive TEAM', part: 'Archive `TEAM`' },
    { label: 'Revoke', type: '/team key revoke TEAM KEY', part: 'Revoke: key' },
    { label: 'Rotate at once', type: '/team key rotate TEAM KEY grace=0', part: 'Rotate at once' },
    { label: 'Run pause', type: '/team pasue TEAM', part: 'Did you mean' },
  ])('$label do what one does', async ({ label, type, part }) => {
    const slug = label.toLowerCase().replaceAll(' ', '-');
    const clicked = async (teamId: string, times: number) => {
      const { secretKey } = await givenTeam(subject, teamId);
      desk.begin();
      await desk.type(type.replace('TEAM', teamId).replace('KEY', secretKey.slice(-4)));
      const message = await desk.told(part.replace('TEAM', teamId));
      const { actionId, value } = buttonOf(message, label);
      return effectsDuring(async () =>
        Promise.all(
          Array.from({ length: times }, async () =>
            subject.control.click({ user: MANAGER, message, actionId, value }),
          ),
        ),
      );
    };
    const one = await clicked(`once-${slug}`, 1);
    expect(one.some(([, count]) => Number(count) > 0)).toBe(true);
    expect(await clicked(`fifty-${slug}`, CLICKS)).toEqual(one);
  });
});

describe('twenty approvers', () => {
  const cardsOf = (teamId: string, place: string): ShownMessage[] =>
    subject.control
      .messages({ channel: place })
      .filter((m) => m.ephemeralFor === undefined && m.threadStamp === undefined)
      .filter((m) => textOf(m).includes(`· Top up ${teamId}:`));
  /** Each approver with a card that stands before them: their own, or the one in the channel. */
  async function asked(teamId: string) {
    await givenTeam(subject, teamId);
    await desk.type(`/team topup ${teamId} 25k reason="Invoice 17"`);
    await said();
    return TWENTY.map((user, at) => {
      const [card, ...more] = cardsOf(teamId, at % 2 === 0 ? user : ASKED_IN);
      expect(more).toEqual([]);
      return { user, card: card as ShownMessage };
    });
  }
  /** What each was told of how it stands, as the end of a sentence. */
  const verdictsFor = (user: string, teamId: string) =>
    [user, ASKED_IN]
      .flatMap((channel) => subject.control.messages({ channel, user }))
      .filter((m) => textOf(m).includes(`Top up ${teamId}: 25,000 credits*\\n`))
      .flatMap((m) => /(Approved|Rejected)\* by <@\w+>/.exec(textOf(m))?.[0] ?? []);
  const standing = (teamId: string) =>
    [...TWENTY, ASKED_IN].map((place) => {
      const shown = subject.control
        .messages({ channel: place })
        .filter(
          (m) => m.ephemeralFor === undefined && textOf(m).includes(`Top up ${teamId}: 25,000`),
        )
        .filter((m) => m.edited);
      return shown.map((m) => /(Approved|Rejected)\* by <@\w+>/.exec(textOf(m))?.[0]);
    });

  test('who press Approve on their own cards and on the one in the channel do it once, and read the same', async () => {
    const teamId = 'acme-twenty';
    const presses = await asked(teamId);
    const before = new Set(subject.control.envelopes());
    await Promise.all(presses.map(async ({ user, card }) => desk.press(card, 'Approve', user)));
    await said();
    const delivered = subject.control.envelopes().filter((envelope) => !before.has(envelope));
    expect(delivered).toHaveLength(TWENTY.length);
    expect(await balanceOf(subject, teamId)).toBe(26_000n * CREDIT);
    const effects = await effectsOf(subject);
    await Promise.all(delivered.map(async (envelope) => subject.control.redeliver(envelope)));
    await said();
    expect(await effectsOf(subject)).toEqual(effects);
    const verdicts = TWENTY.map((user) => [...new Set(verdictsFor(user, teamId))]);
    expect(new Set(verdicts.map(String)).size).toBe(1);
    expect(verdicts[0]).toHaveLength(1);
    const cards = standing(teamId);
    expect(cards).toEqual(cards.map(() => verdicts[0]));
  });

  test('of whom half say yes and half say no end in one of both, for everybody', async () => {
    const teamId = 'acme-yes-no';
    const presses = await asked(teamId);
    const saysNo = presses.filter((_, at) => at % 2 === 0);
    for (const { user, card } of saysNo) {
      await desk.press(card, 'Reject …', user);
      await desk.form('proposal_reject', user);
    }
    const values = { reason: 'The invoice is unpaid' };
    await Promise.all([
      ...saysNo.map(async ({ user }) => subject.control.submitView({ user, values })),
      ...presses
        .filter((_, at) => at % 2 === 1)
        .map(async ({ user, card }) => desk.press(card, 'Approve', user)),
    ]);
    await said();
    const [proposal] = await desk.stores.records.approvals.list({ teamId, limit: 2 });
    const isDone = proposal?.status === 'applied';
    expect(await balanceOf(subject, teamId)).toBe((isDone ? 26_000n : 1_000n) * CREDIT);
    const who = proposal?.decidedBy?.replace('slack:', '');
    const cards = standing(teamId);
    expect(cards).toEqual(cards.map(() => [`${isDone ? 'Approved' : 'Rejected'}* by <@${who}>`]));
  });
});

describe('ten deliveries at the same time', () => {
  const DELIVERIES = 10;

  /** What a person does is delivered again and again while the first delivery is being worked on. */
  async function tenfold(act: () => Promise<unknown>) {
    const before = new Set(subject.control.envelopes());
    const acting = act();
    const envelope = await desk.waitFor(
      () => subject.control.envelopes().find((each) => !before.has(each)),
      { what: 'the first delivery' },
    );
    const again = Array.from({ length: DELIVERIES - 1 }, async () =>
      subject.control.redeliver(envelope),
    );
    await Promise.all([acting, ...again]);
    await said();
  }

  test('of a command, a button and a form each add credits once', async () => {
    const teamId = 'acme-tenfold';
    await givenTeam(subject, teamId);
    const text = `/team topup ${teamId} 1 reason=command`;
    await tenfold(async () => subject.control.command({ user: MANAGER, channel: ASKED_IN, text }));
    expect(await balanceOf(subject, teamId)).toBe(1_001n * CREDIT);
    await desk.type(`/team credits deduct ${teamId} 2 reason=button`);
    const question = await desk.told('Deduct *2 credits*');
    await tenfold(async () => desk.press(question, 'Deduct'));
    expect(await balanceOf(subject, teamId)).toBe(999n * CREDIT);
    await desk.type(`/team topup ${teamId}`);
    const { id: viewId } = await desk.form('top_up');
    const values = { credits: '30', reason: 'form' };
    await tenfold(async () => subject.control.submitView({ user: MANAGER, viewId, values }));
    expect(await balanceOf(subject, teamId)).toBe(1_029n * CREDIT);
  });

  test('of a shortcut, a mention and a look at the home tab change nothing', async () => {
    await givenTeam(subject, 'acme-looked-at');
    const spoken = { user: MANAGER, channel: ASKED_IN, text: '@quartermaster acme-looked-at?' };
    const nothing = await effectsDuring(async () => {
      await tenfold(async () => subject.control.say(spoken));
      await tenfold(async () => subject.control.openHome({ user: MANAGER }));
      await tenfold(async () =>
        subject.control.shortcut({ user: MANAGER, callbackId: 'create_team' }),
      );
    });
    expect(nothing.filter(([, count]) => count !== 0)).toEqual([]);
    expect(subject.control.views({ user: MANAGER })).toHaveLength(1);
  });
});
