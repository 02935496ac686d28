// What people type, paste and press by mistake: an exact answer that helps, and nothing changed.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk, effectsOf } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { balanceOf, givenTeam } from './person.ts';

const LONG = 'x'.repeat(3_000);
const YEAR_MS = 365 * 86_400_000;
const CREDIT = 1_000_000n;

let subject: BotUnderTest;
let desk: Desk;
let nowMs: () => number = Date.now;

beforeAll(async () => {
  subject = await startBot();
  Object.assign(subject.stores, { clock: () => nowMs() });
  desk = createDesk(subject);
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-prof');
});
afterEach(async () => {
  nowMs = Date.now;
  await desk.closeForms();
});
afterAll(async () => subject.close());

/** What a person has before them after a command: messages for them alone, and the form on top. */
async function answerTo(text: string): Promise<string> {
  desk.begin();
  const since = (Date.now() / 1_000).toFixed(6);
  await desk.type(text);
  await subject.idle();
  const said = desk.seen(MANAGER).filter((m) => m.stamp > since && m.ephemeralFor === MANAGER);
  return [...said, ...subject.control.views({ user: MANAGER })].map(textOf).join('\n');
}

/** The same, where a form complains: what stands beside its fields. */
describe('what is typed is told exactly, and changes nothing', () => {
  test.each([
    ['a sum below 0', '/team topup acme-prod -5 reason=x', "“-5” can't be taken: it must be more"],
    ['a sum of 0', '/team topup acme-prod 0 reason=x', "“0” can't be taken: it must be more"],
    ['a sum with an exponent', '/team topup acme-prod 1e9 reason=x', '"1e9" is not a number of'],
    [
      'digits of another script',
      '/team topup acme-prod ٥ reason=x',
      '"٥" is not a number of credits',
    ],
    ['an emoji for a sum', '/team topup acme-prod 🚀 reason=x', '"🚀" is not a number of credits'],
    ['a person for a sum', '/team topup acme-prod @omar reason=x', 'is not a number of credits'],
    [
      'a channel for a sum',
      '/team topup acme-prod #general reason=x',
      'is not a number of credits',
    ],
    [
      'a comma for a point',
      '/team topup acme-prod 1,5 reason=x',
      '"1,5" is not a number of credits',
    ],
    [
      'a sum beyond all',
      '/team topup acme-prod 99999999999999999999 reason=x',
      'is above the 1,000,000,000 credits',
    ],
    ['a sum in hexadecimal', '/team topup acme-prod 0x10 reason=x', '"0x10" is not a number of'],
    ['a sum three times', '/team topup acme-prod 5 5 5', '“5” is not understood'],
    ['a quotation mark alone', '/team topup acme-prod 5 reason="x', 'quotation mark'],
    ['a reason of nothing', '/team topup acme-prod 5 reason=""', 'no value is given'],
    [
      'a reason of 3,000 letters',
      `/team topup acme-prod 5 reason=${LONG}`,
      'it has 3000 characters',
    ],
    ['a name of 3,000 letters', `/team edit acme-prod alias=${LONG}`, 'at most 120 are allowed'],
    ['an id of 3,000 letters', `/team show ${LONG}`, 'at most 64 are allowed'],
    [
      'an id of an emoji',
      '/team create 🚀 org=acme credits=5',
      "“🚀” can't be taken: only letters",
    ],
    ['an id from right to left', '/team create שלום org=acme credits=5', "“שלום” can't be taken"],
    ['an id with a path', '/org create ../../etc', "can't be taken: only letters, digits"],
    ['a person for a team', '/team show @omar', "can't be taken: only letters, digits"],
    ['a mark that turns text', '/team edit acme-prod alias="a\u202Etxt"', 'cannot be seen'],
    ['a name that fits two teams', '/team show acme-pro', 'Did you mean one of these?'],
    ['a day of the past', '/team suspend acme-prod until=yesterday', '“yesterday” is no end'],
    ['a day that is none', '/team suspend acme-prod until=31.02.2027', 'is no end, write it like'],
    ['a limit below 0', '/team limits acme-prod requests=-1', '“-1” is no whole number from 0 up'],
    [
      'a budget in euros',
      '/team budget acme-prod max=€5 every=30d',
      '“€5” is no amount of dollars',
    ],
    ['a word of no command', '/team 🚀', 'does not know `🚀`'],
    ['a proposal of no name', '/approvals show nonsense', 'There is no proposal `nonsense`'],
    [
      'a call of no name',
      '/team credits refund acme-prod nonsense reason=x',
      '“nonsense” was not charged',
    ],
  ])('%s', async (_, text, part) => {
    const before = await effectsOf(subject);
    // As JSON: quotation marks of the answer stand escaped in it.
    expect((await answerTo(text)).replaceAll('\\"', '"')).toContain(part);
    expect(await effectsOf(subject)).toEqual(before);
  });

  test.each([
    ['curly quotation marks', '/team topup acme-prod 1 reason=“Invoice 7”', 'Reason: Invoice 7'],
    ['text from right to left', '/team topup acme-prod 1 reason="תודה רבה"', 'Reason: תודה רבה'],
    ['an emoji in a reason', '/team topup acme-prod 1 reason="🎉 launch"', 'Reason: 🎉 launch'],
    ['a sum with thousands', '/team topup acme-prod 1,000 reason=x', 'Added 1,000 credits'],
    ['a space that does not break', '/team topup\u00a0acme-prod 1 reason=x', 'Added 1 credit'],
    ['a space that cannot be seen', '/team \u200btopup acme-prod 1 reason=x', 'Added 1 credit'],
    ['markup in a reason', '/team topup acme-prod 1 reason="<!channel> *now*"', '&lt;!channel&gt;'],
  ])('%s is taken as it was meant', async (_, text, part) => {
    expect(await answerTo(text)).toContain(part);
  });
});

describe('a form', () => {
  test('of a team that was archived while it was open changes nothing, and says why', async () => {
    await givenTeam(subject, 'gone-soon');
    await desk.type('/team topup gone-soon');
    await desk.form('top_up');
    await desk.stores.records.teams.update('gone-soon', { status: 'archived' });
    const before = await effectsOf(subject);
    const values = { credits: '5', reason: 'x' };
    const sent = await subject.control.submitView({ user: MANAGER, values });
    await subject.idle();
    const shown = [sent, ...subject.control.views({ user: MANAGER })].map((each) =>
      JSON.stringify(each),
    );
    expect(shown.join()).toContain('archived');
    expect(await effectsOf(subject)).toEqual(before);
  });

  test('that is sent twice, also at the same time, takes effect once', async () => {
    await givenTeam(subject, 'sent-twice');
    await desk.type('/team topup sent-twice');
    const view = await desk.form('top_up');
    const given = { user: MANAGER, viewId: view.id, values: { credits: '5', reason: 'x' } };
    const sent = [1, 2, 3].map(async () => subject.control.submitView(given));
    expect((await Promise.all(sent)).map(({ ok }) => ok)).toEqual([true, true, true]);
    await subject.control.redeliver();
    await subject.idle();
    expect(await balanceOf(subject, 'sent-twice')).toBe(1_005n * CREDIT);
  });
});

describe('a button', () => {
  test.each([
    ['/team suspnd old-suspend', 'Did you mean', 'Run suspend'],
    ['/team suspend old-suspend reason="Un“paid”"', 'Suspend `old-suspend`', 'Suspend'],
    ['/team pasue old-pause', 'Did you mean', 'Run pause'],
    ['/team topup old-undo 5 reason=x', 'Added 5 credits', 'Undo'],
    ['/team credits deduct old-deduct 5 reason=x', 'Deduct *5 credits*', 'Deduct'],
    ['/team bulk pause org=acme status=active reason=x', 'Nothing is changed yet', undefined],
  ])('of last year, behind %s, changes nothing and says so', async (text, asked, label) => {
    const teamId = /old-\w+/.exec(text)?.[0] ?? 'old-bulk';
    await givenTeam(subject, teamId).catch(() => undefined);
    desk.begin();
    await desk.type(text);
    const message = await desk.told(asked);
    const shown = label ?? /"text":"(Pause \d+ teams)"/.exec(textOf(message))?.[1] ?? '';
    const before = await effectsOf(subject);
    nowMs = () => Date.now() + YEAR_MS;
    desk.begin();
    await desk.press(message, shown);
    await subject.idle();
    const answers = subject.control
      .messages({ channel: '#acme-prod', user: MANAGER })
      .filter((each) => each.ephemeralFor === MANAGER)
      .map(textOf);
    expect(answers.at(-1)).toMatch(/Nothing was changed|too old|too late/);
    expect(await effectsOf(subject)).toEqual(before);
  });

  test('of last year offers the same anew, and that takes effect', async () => {
    await givenTeam(subject, 'anew');
    desk.begin();
    await desk.type('/team credits deduct anew 5 reason="Booked “twice”"');
    const question = await desk.told('Deduct *5 credits*');
    nowMs = () => Date.now() + YEAR_MS;
    await desk.press(question, 'Deduct');
    const old = await desk.told('This button is from');
    nowMs = Date.now;
    await desk.press(old, 'Do it now');
    await desk.told('`anew`: 5 credits deducted');
    expect(await balanceOf(subject, 'anew')).toBe(995n * CREDIT);
  });
});
