import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayAfterPost } from '../../src/bot/posts/day-after.ts';
import type { Post } from '../../src/core/posts/post.ts';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, people } from './person.ts';
import { callsOf } from './refused.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, form } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
});
afterAll(async () => subject.close());

const ACME = {
  name: { name: 'Acme Corporation' },
  org: { org: 'acme' },
  credits: { credits: '10k' },
  groups: { groups: ['gpt-models'] },
};

async function submit(
  viewId: string,
  values: Parameters<typeof subject.control.submitView>[0]['values'],
) {
  return subject.control.submitView({ user: MANAGER, viewId, values });
}

test('one form makes organization, teams, credits and links, and a message for the client', async () => {
  await type('/org onboard acme credits=10k');
  const view = await form('onboard');
  await submit(view.id, { ...ACME, dev: { dev: ['yes'] }, channel: { channel: 'C0ACME' } });
  const said = await told('is on board');
  const shown = textOf(said);
  for (const part of [
    'Acme Corporation',
    'http://127.0.0.1:4000/v1',
    'gpt-4o',
    '/reveal/',
    'Reveal acme-prod myself',
    'Reveal acme-dev myself',
    '10,000 credits',
    '500 credits',
    '$API_KEY',
  ]) {
    expect(shown).toContain(part);
  }
  expect(shown).not.toMatch(/sk-[0-9a-f]{8}/);
  expect(await balanceOf(subject, 'acme-prod')).toBe(10_000_000_000n);
  expect(await balanceOf(subject, 'acme-dev')).toBe(500_000_000n);
  const team = await subject.stores.records.teams.find('acme-prod');
  expect(team).toMatchObject({ channelId: 'C0ACME', accessGroups: ['gpt-models'] });
  const organization = await subject.stores.records.organizations.find('acme');
  expect(organization?.channelId).toBe('C0ACME');
});

test('what is taken already is said beside its field, and nothing is made', async () => {
  await type('/org onboard');
  const view = await form('onboard');
  const outcome = await submit(view.id, { ...ACME, name: { name: 'Acme again' } });
  expect(JSON.stringify(outcome)).toContain('acme');
  expect(subject.control.views({ user: MANAGER }).length).toBe(1);
  await subject.control.closeView({ user: MANAGER, viewId: view.id });
  await type('/org onboard', VIEWER);
  await told('This needs the role *manager*', VIEWER);
});

test('a team id of another customer undoes everything, the organization too', async () => {
  await type('/org onboard');
  const view = await form('onboard');
  await submit(view.id, { ...ACME, org: { org: 'other' }, team: { team: 'acme-prod' } });
  await subject.idle();
  expect(await subject.stores.records.organizations.find('other')).toBeUndefined();
  await subject.control.closeView({ user: MANAGER, viewId: view.id });
});

test('the person is reminded after a day, with whether the first call came', async () => {
  const due = await subject.postgres.channelPost.findFirstOrThrow({
    where: { kind: 'onboarding.day_after' },
  });
  expect(due.place).toBe(MANAGER);
  const waitsMs = (due.dueAt?.getTime() ?? 0) - due.createdAt.getTime();
  expect(waitsMs / 3_600_000).toBeCloseTo(24, 1);
  const facts = { organizationId: 'acme' };
  const post = { kind: 'onboarding.day_after', facts } as Post<'onboarding.day_after'>;
  const before = await dayAfterPost(subject.stores, [post]);
  expect(textOf({ blocks: before?.blocks })).toContain('Acme Corporation: no call yet');
  await spend(subject, 'acme-prod', 5n);
  await callsOf(subject, 'acme-dev', { model: 'claude-sonnet-4-5' });
  const after = textOf({ blocks: (await dayAfterPost(subject.stores, [post]))?.blocks });
  expect(after).toContain('Acme Corporation is calling');
  expect(after).toContain('1 refused, mostly for: a model that the team may not use');
});
