// The way to Postgres is cut at the worst moments: nobody is told that nothing was changed where something was,
// and who repeats what they asked for does it once.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { revealKey } from '../../src/core/keys/reveal.ts';
import { startInterceptor } from '../support/interceptor.ts';
import type { Interceptor } from '../support/interceptor.ts';
import { commitOfEntry, questionAfterEntry } from '../support/wire.ts';
import { MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { balanceOf, buttonOf, givenTeam, untilAllIsSaid } from './person.ts';

const MENTION = '@quartermaster acme-read?';
const CREDIT = 1_000_000n;

let subject: BotUnderTest;
let desk: Desk;
let door: Interceptor;

beforeAll(async () => {
  subject = await startBot({
    through: async (url) => {
      door = await startInterceptor(url);
      return door.url;
    },
  });
  desk = createDesk(subject);
});
beforeEach(() => desk.begin());
afterAll(async () => {
  await subject.close();
  await door.close();
});

/** Once the database can be asked again. */
async function reopened(teamId: string) {
  door.open();
  await desk.waitFor(async () => balanceOf(subject, teamId).catch(() => undefined), {
    what: 'the database',
  });
  await subject.idle();
}

/** Once nobody else asks about teams: the first question after a commit is then of who made it. */
const quiet = async () => untilAllIsSaid(subject);

test('when the read after a top-up fails, the person is told that it is saved', async () => {
  await givenTeam(subject, 'acme-read');
  await quiet();
  const cut = door.trap(questionAfterEntry(), 'before').then(() => door.shut());
  await desk.type('/team topup acme-read 5 reason=x');
  await cut;
  const said = textOf(await desk.told('*is saved*'));
  expect(said).toContain("The database can't be reached at the moment");
  expect(said).not.toContain('Nothing was changed');
  const reference = /Reference `([\w-]+)`/.exec(said)?.[1] ?? 'none';
  expect(subject.logged()).toContain(`"reference":"${reference}"`);
  await reopened('acme-read');
  expect(await balanceOf(subject, 'acme-read')).toBe(1_005n * CREDIT);
});

test.each([
  { hold: 'after', what: 'was done and not heard of', said: 'nothing was done twice' },
  { hold: 'before', what: 'was not done', said: 'Added 5 credits' },
] as const)(
  'a commit that $what is in doubt, and its button does it once',
  async ({ hold, said }) => {
    const team = `acme-doubt-${hold}`;
    await givenTeam(subject, team);
    const cut = door.trap(commitOfEntry, hold).then(() => door.shut());
    await desk.type(`/team topup ${team} 5 reason=x`);
    await cut;
    const message = await desk.told('It may have been done, or not');
    expect(textOf(message)).not.toContain('Nothing was changed');
    await reopened(team);
    desk.begin();
    await desk.press(message, 'Make sure it is done');
    await desk.told(said);
    await desk.press(message, 'Make sure it is done');
    await subject.idle();
    expect(await balanceOf(subject, team)).toBe(1_005n * CREDIT);
  },
);

test('a form whose commit is in doubt stays as it was sent, and does it once when it is sent again', async () => {
  await givenTeam(subject, 'acme-form');
  await desk.type('/team topup acme-form');
  const { id: viewId } = await desk.form('top_up');
  const cut = door.trap(commitOfEntry, 'after').then(() => door.shut());
  await subject.control.submitView({
    user: MANAGER,
    viewId,
    values: { credits: '5', reason: 'x' },
  });
  await cut;
  const view = await subject.control.waitForView((shown) =>
    textOf(shown).includes('It may have been done, or not'),
  );
  expect(view.id).toBe(viewId);
  expect(textOf(view)).toContain('"initial_value":"5"');
  await reopened('acme-form');
  await subject.control.submitView({ user: MANAGER, viewId, values: {} });
  await subject.idle();
  expect(await balanceOf(subject, 'acme-form')).toBe(1_005n * CREDIT);
});

test('a form that was done tells so, also when what is read for its answer fails', async () => {
  await givenTeam(subject, 'acme-after');
  await desk.type('/team topup acme-after');
  const { id: viewId } = await desk.form('top_up');
  await quiet();
  const cut = door.trap(questionAfterEntry(), 'before').then(() => door.shut());
  const values = { credits: '5', reason: 'x' };
  await subject.control.submitView({ user: MANAGER, viewId, values });
  await cut;
  expect(textOf(await desk.told('*is saved*'))).not.toContain('Nothing was changed');
  await reopened('acme-after');
  expect(await balanceOf(subject, 'acme-after')).toBe(1_005n * CREDIT);
});

test('a key is rotated together with its link, or not at all', async () => {
  const { secretKey } = await givenTeam(subject, 'acme-rotated');
  const rotate = `/team key rotate acme-rotated ${secretKey.slice(-4)} grace=0 sure=yes`;
  const insertOfLink = () => (chunk: Buffer) => /INSERT INTO[^;]*reveal_links/.test(String(chunk));
  const cut = door.trap(insertOfLink, 'before').then(() => door.shut());
  await desk.type(rotate);
  await cut;
  await desk.told('Nothing was changed');
  await reopened('acme-rotated');
  const [kept] = await subject.stores.records.keys.ofTeam('acme-rotated');
  expect(kept).toMatchObject({ lastFour: secretKey.slice(-4), previousLastFour: null });
  desk.begin();
  await desk.type(rotate);
  const { url = '' } = buttonOf(await desk.told('has a new secret'), 'Reveal the key once');
  const revealed = await revealKey(subject.stores, url.split('/').at(-1) ?? '');
  expect(revealed).toMatchObject({ teamId: 'acme-rotated' });
});

test('a mention is answered also while the database is gone', async () => {
  await subject.idle();
  door.shut();
  await subject.control.say({ user: MANAGER, channel: '#acme-prod', text: MENTION });
  const told = await desk.told("The database can't be reached at the moment");
  expect(textOf(told)).toMatch(/Reference `[\w-]+`/);
  await reopened('acme-read');
});
