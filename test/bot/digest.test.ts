import { afterAll, beforeAll, expect, test } from 'vitest';
import { dateLabel } from '../../src/bot/blocks/usage.ts';
import { nextDigest } from '../../src/core/digests/digest.ts';
import { sendDigests } from '../../src/core/digests/send-digests.ts';
import { DAY_MS, HOUR_MS } from '../../src/core/time.ts';
import { startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { callsOf } from './refused.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, news } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
});
afterAll(async () => subject.close());

test('a channel gets the digest that it asked for, once, with what needs attention', async () => {
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-empty', { credits: '0' });
  const { gate, postgres, stores } = subject;
  // Not an hour ago, as usual: that may be yesterday.
  const atOnce = { ...stores, clock: () => stores.clock() + HOUR_MS };
  await spend({ gate, postgres, stores: atOnce }, 'acme-prod', 40n);
  await callsOf(subject, 'acme-prod', { model: 'claude-sonnet-4-5' });
  await type('/org digest acme daily');
  await told('gets a *daily* digest of `acme`');
  // The morning after: whatever hour it is now, that digest tells of today.
  const tomorrow = (Math.floor(subject.stores.clock() / DAY_MS) + 1) * DAY_MS;
  const clock = () => tomorrow + 10 * HOUR_MS;
  const later = { ...subject.stores, clock };
  const sent = await Promise.all([sendDigests(later), sendDigests(later), sendDigests(later)]);
  expect(sent.reduce((sum, each) => sum + each, 0)).toBe(1);
  const said = textOf(await news('Yesterday of acme'));
  for (const part of [
    '*Credits*\\n40',
    '⛔ `acme-empty` has *no credits*',
    '🚫 `acme-prod`: 1 refused, mostly for a model that the team may not use',
    '2 × team created',
  ]) {
    expect(said).toContain(part);
  }
});

test('of digests that were missed for forty days the last one is told, with a word of the others', async () => {
  await givenTeam(subject, 'acme-late');
  await type('/team digest acme-late daily');
  await told('gets a *daily* digest of `acme-late`');
  const clock = () => subject.stores.clock() + 40 * DAY_MS;
  await sendDigests({ ...subject.stores, clock });
  const said = textOf(await news('Yesterday of acme-late'));
  expect(said).toMatch(/39 digests before this one could not be sent/);
  const lastMorning = nextDigest('daily', new Date(clock() - DAY_MS), 'UTC').getTime();
  const lastDay = new Date(lastMorning - DAY_MS).toISOString().slice(0, 10);
  expect(said).toContain(dateLabel(lastDay));
  await type('/team digest acme-late off');
  await told('No more digests of `acme-late`');
});

test('a digest for a channel that is gone is told elsewhere, and who can mend it is told how to end it', async () => {
  await givenTeam(subject, 'acme-gone');
  await type('/team digest acme-gone daily channel=C0GENERAL');
  await told('gets a *daily* digest of `acme-gone`');
  subject.control.changeChannel({ channel: 'C0GENERAL', change: 'deleted' });
  const clock = () => subject.stores.clock() + 2 * DAY_MS;
  await sendDigests({ ...subject.stores, clock });
  expect((await news('Yesterday of acme-gone')).channel).toBe('C0ACME');
  const word = textOf(await news('there is no such channel that I can see'));
  const end = '/team digest acme-gone off channel=C0GENERAL';
  expect(word).toContain(`• daily, of \`acme-gone\`: \`${end}\` ends it`);
  await type(end);
  await told('No more digests of `acme-gone`');
});

test('a digest that was ended comes no more, and one of each is enough', async () => {
  const asked = { where: { subject: 'team:acme-once' } };
  await givenTeam(subject, 'acme-once');
  await type('/team digest acme-once daily --csv');
  await told('gets a *daily* digest of `acme-once`');
  const once = async () => subject.postgres.digestSubscription.findMany(asked);
  expect(await once()).toMatchObject([{ every: 'daily', csv: true }]);
  await type('/team digest acme-once monthly');
  await told('gets a *monthly* digest of `acme-once`');
  expect(await once()).toMatchObject([{ every: 'monthly', csv: false }]);
  await type('/team digest acme-once off');
  await told('No more digests of `acme-once`');
  expect(await once()).toEqual([]);
  const { audit } = subject.stores.records;
  const lines = await audit.search({ teamId: 'acme-once', action: 'digest.', limit: 9 });
  expect(lines.map(({ action, after }) => [action, after?.['every']])).toEqual([
    ['digest.ended', undefined],
    ['digest.set', 'monthly'],
    ['digest.set', 'daily'],
  ]);
});

test.each([
  ['daily', '2026-11-21T07:00:00Z', '2026-11-21T08:00:00.000Z'],
  ['daily', '2026-11-21T08:00:00Z', '2026-11-22T08:00:00.000Z'],
  ['weekly', '2026-11-21T12:00:00Z', '2026-11-23T08:00:00.000Z'],
  ['weekly', '2026-11-23T08:00:00Z', '2026-11-30T08:00:00.000Z'],
  ['monthly', '2026-11-21T12:00:00Z', '2026-12-01T08:00:00.000Z'],
  // The clocks change on 29 March 2026: the morning stays at nine.
  ['daily', '2026-03-28T08:00:00Z', '2026-03-29T07:00:00.000Z'],
] as const)('a %s digest after %s is due at nine in Berlin: %s', (every, after, due) => {
  expect(nextDigest(every, new Date(after), 'Europe/Berlin').toISOString()).toBe(due);
});
