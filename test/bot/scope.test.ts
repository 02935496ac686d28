// People whose role counts for one organization alone: what they may there, and nowhere else.

import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actions, button } from '../../src/bot/blocks/kit.ts';
import { statusQuestion } from '../../src/bot/blocks/status.ts';
import { topUpButton } from '../../src/bot/blocks/top-up-button.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';
import { callsOf } from './refused.ts';

let subject: BotUnderTest;
const { type, told, news, press, form, seen, quiet } = people(() => subject);

const PARTNER = APPROVER;
const REFUSED = 'yours does not count here';
const CREDIT = 1_000_000n;

beforeAll(async () => {
  subject = await startBot({
    roles: {
      managers: ['S0MANAGERS'],
      approvers: [],
      viewers: [],
      organizations: {
        acme: { managers: [PARTNER], approvers: [], viewers: [VIEWER] },
        ghost: { managers: [PARTNER], approvers: [], viewers: [] },
      },
    },
  });
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-dev');
  await givenTeam(subject, 'globex-prod', { organizationId: 'globex' });
});
afterAll(async () => subject.close());

/** Is refused, and told why. */
async function refusedOnce(text: string, user = PARTNER) {
  const count = () => seen(user).filter((message) => textOf(message).includes(REFUSED)).length;
  const before = count();
  await type(text, user);
  await quiet();
  expect(count(), text).toBe(before + 1);
}

describe('within the organization', () => {
  test('who may look sees its teams, under each name that a command has for them', async () => {
    for (const [text, part] of [
      ['/team show acme-prod', 'acme-prod'],
      ['/team list org=acme', 'Teams of acme'],
      ['/team credits acme-prod', 'Credits'],
      ['/team credits history acme-prod', 'acme-prod'],
      ['/org show acme', 'acme'],
      ['/approvals mine', 'waits'],
      ['/approvals history acme-prod', 'decided'],
    ] as const) {
      await type(text, VIEWER);
      await told(part, VIEWER);
    }
    expect(JSON.stringify(seen(VIEWER))).not.toContain(REFUSED);
    await type('/team topup acme-prod 5 reason=Pilot', VIEWER);
    await told('needs the role *manager*; you have the role *viewer*', VIEWER);
  });

  test('who may change adds credits, by words and by the form, and moves them', async () => {
    await type('/team topup acme-prod 5 reason=Pilot', PARTNER);
    await told('Added 5 credits', PARTNER);
    await type('/team topup acme-prod', PARTNER);
    await form('top_up', PARTNER);
    const values = { credits: '7', reason: 'Pilot' };
    await subject.control.submitView({ user: PARTNER, values });
    await told('Added 7 credits', PARTNER);
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_012n * CREDIT);
    await type('/team credits transfer acme-prod 12 to=acme-dev reason=Pilot sure=yes', PARTNER);
    await told('12 credits', PARTNER);
    await quiet();
    expect(await balanceOf(subject, 'acme-dev')).toBe(1_012n * CREDIT);
  });

  test('a question about one of its teams is answered by a press', async () => {
    await type('/team suspend acme-dev', PARTNER);
    await press(await told('Suspend `acme-dev`', PARTNER), 'Suspend', PARTNER);
    await told('Suspended: `acme-dev`', PARTNER);
    await type('/team resume acme-dev', PARTNER);
    await told('Resumed: `acme-dev`', PARTNER);
    const team = await subject.stores.records.teams.find('acme-dev');
    expect(team).toMatchObject({ status: 'active' });
  });
});

describe('outside of it', () => {
  test.each([
    '/team show globex-prod',
    '/team list org=globex',
    '/org show globex',
    '/team credits globex-prod',
    '/team credits transfer acme-prod 1 to=globex-prod reason=Pilot',
    '/team credits transfer globex-prod 1 to=acme-prod reason=Pilot',
    '/team topup globex-prod 5 reason=Pilot',
    '/team create globex-new org=globex credits=5 groups=gpt-models',
    '/team create ghost-new org=ghost credits=5 groups=gpt-models',
    '/team show nobody-prod',
    '/team bulk pause org=globex reason=Audit',
    '/approvals history globex-prod',
    '/audit verify',
    '/approvals show 0b9d1c7e-5a43-4c1b-9e0f-2d7c6a1b8f00',
  ])('%s is refused', async (text) => {
    await refusedOnce(text);
    expect(await balanceOf(subject, 'globex-prod')).toBe(1_000n * CREDIT);
  });

  test('a refused call is explained to those whose role counts for its team, whichever team they name', async () => {
    const [theirs = ''] = await callsOf(subject, 'globex-prod', { model: 'claude-sonnet-4-5' });
    const [own = ''] = await callsOf(subject, 'acme-prod', { model: 'claude-sonnet-4-5' });
    await refusedOnce(`/team explain request=${theirs}`);
    await refusedOnce(`/team explain acme-prod request=${theirs}`);
    await type(`/team explain request=${own}`, PARTNER);
    await told(own, PARTNER);
    expect(JSON.stringify(seen(PARTNER))).not.toContain(theirs);
    await type(`/team explain request=${theirs}`, MANAGER);
    await told(theirs, MANAGER);
  });

  test('buttons that everybody sees lead nowhere, whatever their messages are about', async () => {
    const question = statusQuestion(
      { kind: 'team', id: 'globex-prod' },
      { status: 'suspended', reason: undefined, until: undefined, untilSaid: undefined },
      'once',
    );
    const next = {
      id: 'page:Next',
      label: 'Next',
      value: '{"text":"/team list org=globex","path":[]}',
    };
    const { workspace } = subject;
    const slackApiUrl = `${workspace.url}/api/`;
    const client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
    await client.chat.postMessage({
      channel: 'C0ACME',
      text: 'Buttons',
      blocks: [...question.blocks, actions(topUpButton('globex-prod'), button(next))],
    });
    const shown = await news('Suspend `globex-prod`');
    const before = seen(PARTNER).length;
    await press(shown, 'Suspend', PARTNER);
    await press(shown, 'Next', PARTNER);
    await quiet();
    const answers = seen(PARTNER).slice(before);
    expect(answers).toHaveLength(2);
    expect(answers.every((each) => textOf(each).includes(REFUSED))).toBe(true);
    await press(shown, 'Top up', PARTNER);
    await quiet();
    const views = subject.control.views({ user: PARTNER });
    expect(views.map((view) => textOf(view).includes(REFUSED))).toEqual([true]);
    await subject.control.closeView({ user: PARTNER, all: true });
    const team = await subject.stores.records.teams.find('globex-prod');
    expect(team).toMatchObject({ status: 'active' });
  });

  test('the form that creates a team names no other customer', async () => {
    await type('/team create acme-new org=acme', PARTNER);
    const view = await form('create_team', PARTNER);
    expect(JSON.stringify(view)).toContain('acme');
    expect(JSON.stringify(view)).not.toContain('globex');
    await subject.control.closeView({ user: PARTNER, all: true });
  });
});
