// Where nothing is named, who has a role in one organization gets what belongs to it, and no name of another one.

import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_CEILINGS } from '../../src/core/ceilings/ceilings.ts';
import { bulkPreview } from '../../src/bot/blocks/bulk.ts';
import type { BulkPreview } from '../../src/core/bulk/bulk-plan.ts';
import { planBulk } from '../../src/core/bulk/plan-bulk.ts';
import { APPROVER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, news, press, form, seen, quiet } = people(() => subject);

const PARTNER = APPROVER;
/** What only people of the other organization may read: its names all have one of these. */
const FOREIGN = /globex|acne|9,?990/i;
const offered: string[] = [];

beforeAll(async () => {
  subject = await startBot({
    roles: {
      managers: ['S0MANAGERS'],
      approvers: [],
      viewers: [],
      organizations: {
        acme: { owners: [PARTNER], managers: [], approvers: [], viewers: [VIEWER] },
      },
    },
  });
  const { records } = subject.stores;
  const groups = await records.accessGroups.list();
  const foreign = { name: 'globex-models', displayName: 'Globex only', aliases: ['globex-tuned'] };
  const aliases = await records.accessGroups.aliases();
  await records.accessGroups.replace([...groups, foreign], [...aliases, 'globex-tuned']);
  const at = new Date();
  const failed = { startedAt: at, endedAt: at, complaint: 'globex-dev has no account' };
  await records.taskRuns.failed('reconcile', failed);
  await records.plans.insert({
    id: 'globex-gold',
    ceilings: NO_CEILINGS,
    metadata: {},
    createdBy: 'api:admin',
    updatedBy: 'api:admin',
  });
  await givenTeam(subject, 'acme-prod');
  await records.organizations.update('acme', { models: ['gpt-models', 'claude-*'] });
  await givenTeam(subject, 'acme-dev', { credits: '10' });
  // Nearer to a slip of the finger than the team that is meant, and linked to the same channel.
  await givenTeam(subject, 'acne-prod', { organizationId: 'globex', credits: '9990' });
  await givenTeam(subject, 'globex-dev', { organizationId: 'globex', credits: '1' });
  await type('/team topup acne-prod 25k reason="Globex pays"');
  await told('This needs a second pair of eyes');
  await type('/team topup acme-prod 25k reason="Acme pays"');
  await told('Top up acme-prod');
  await quiet();
});
afterAll(async () => subject.close());

async function menu(actionId: string, query: string, user = PARTNER) {
  const { options } = await subject.control.typeahead({ user, actionId, query });
  const found = options.map((each) => `${each.value} ${each.text.text}`);
  offered.push(...found);
  return found.join(', ');
}

async function homeOf(user: string, part: string) {
  await subject.control.openHome({ user });
  return subject.control.waitForHome((view) => view.userId === user && textOf(view).includes(part));
}

const close = async (user = PARTNER) => subject.control.closeView({ user, all: true });

describe('within the organization', () => {
  test('what names nothing lists what is there', async () => {
    for (const [text, part] of [
      ['/team list', '*acme-prod*'],
      ['/org list', 'acme'],
      ['/credits', 'in 2 teams'],
      ['/approvals all', 'Top up acme-prod'],
      ['/approvals history', 'What was decided'],
      ['/audit search action=team.', 'acme-dev'],
      ['/audit', 'key.created'],
      ['/models', 'gpt-4o'],
      ['/quartermaster status', 'Everything answers'],
      ['/quartermaster settings', 'Settings of acme'],
    ] as const) {
      await type(text, PARTNER);
      await told(part, PARTNER);
    }
    expect(textOf(seen(PARTNER).at(-1) ?? { blocks: [] })).not.toContain('Operators');
    const status = textOf(await told('Everything answers', PARTNER));
    expect(status).toContain('operators see why');
    expect(status).not.toContain('organizations');
  });

  test('the home tab shows its teams, what waits there and who did what there', async () => {
    const home = textOf(await homeOf(PARTNER, 'acme-prod'));
    expect(home).toContain('change everything of `acme`, and say who else may');
    expect(home).toContain('Top up acme-prod: 25,000 credits');
    expect(home).toContain('Recent changes');
    expect(home).not.toContain('Onboard');
    const looked = textOf(await homeOf(VIEWER, 'acme-prod'));
    expect(looked).toContain('look at everything of `acme`');
    expect(looked).not.toContain('Recent changes');
  });

  test('who names the bot is answered about its teams, by their names and by the channel', async () => {
    const say = async (text: string) =>
      subject.control.say({ user: PARTNER, channel: '#acme-prod', text });
    await say('@quartermaster what about acme-dev and acne-prod?');
    const named = await told('What about `acme-dev`', PARTNER);
    expect(textOf(named)).not.toContain('acne');
    await say('@quartermaster what about this channel?');
    await told('Which of `acme-dev`, `acme-prod` do you mean', PARTNER);
  });

  test('a message and the lightning bolt lead to the forms, whose menus offer its teams', async () => {
    const { control } = subject;
    const text = 'Could acme-dev and globex-dev get more?';
    await control.say({ user: PARTNER, channel: '#acme-prod', text });
    const { stamp: messageStamp } = await control.waitForMessage((each) => each.text === text);
    await control.shortcut({ user: PARTNER, callbackId: 'top_up_message', messageStamp });
    const view = await form('top_up', PARTNER);
    expect(textOf(view)).toContain('`acme-dev`');
    await control.submitView({ user: PARTNER, values: { credits: '5', reason: 'Asked for' } });
    await told('Added 5 credits to `acme-dev`', PARTNER);
    await control.shortcut({ user: PARTNER, callbackId: 'create_team' });
    await form('create_team', PARTNER);
    await close();
  });

  test('menus offer its teams, its keys and its own name, and no others', async () => {
    await type('/team topup', PARTNER);
    await form('top_up', PARTNER);
    expect(await menu('team', 'prod')).toBe('acme-prod acme-prod');
    await close();
    await type('/team key rotate', PARTNER);
    await form('arguments', PARTNER);
    expect(await menu('team', '')).toBe('acme-dev acme-dev, acme-prod acme-prod');
    await close();
    await type('/team key rotate acme-prod', PARTNER);
    await form('arguments', PARTNER);
    expect(await menu('key', '')).toContain('sk-…');
    await close();
    await type('/org show', PARTNER);
    await form('arguments', PARTNER);
    expect(await menu('org', '')).toBe('acme acme');
    await close();
    await type('/team create', PARTNER);
    await form('create_team', PARTNER);
    const groups = await menu('groups', '');
    expect(groups).toContain('gpt-models');
    expect(groups).toContain('claude-models');
    await close();
    await type('/team bulk', PARTNER);
    await form('arguments', PARTNER);
    expect(await menu('names', 'c')).toContain('claude-sonnet-4-5');
    await close();
    await type('/quartermaster plan follow team=acme-prod', PARTNER);
    await form('arguments', PARTNER);
    expect(await menu('plan', '')).toBe('none none');
    expect(await menu('plan', 'gold')).toBe('');
    await close();
  });

  test('a slip of the finger leads to its teams alone, whether or not others have the name', async () => {
    for (const [slip, meant] of [
      ['acme-prdo', 'acme-prod'],
      ['acne-prd', 'acme-prod'],
    ] as const) {
      await type(`/team show ${slip}`, PARTNER);
      const answer = await told(`Did you mean ${meant}?`, PARTNER);
      expect(JSON.stringify(answer.blocks).match(/Did you mean/g)).toHaveLength(1);
      await press(answer, `Did you mean ${meant}?`, PARTNER);
      await told('spendable', PARTNER);
    }
  });

  test('many teams are only ever those of the organization, however they are filtered', async () => {
    for (const filter of ['all=yes', 'status=active', 'below=1m', 'model=gpt-models', 'org=acme']) {
      await type(`/team bulk pause ${filter} reason=Audit`, PARTNER);
      const preview = await told('Pause 2 teams?', PARTNER);
      expect(textOf(preview), filter).toContain('`acme-dev`');
      await press(preview, 'Cancel', PARTNER);
    }
    await type('/team bulk topup all=yes credits=3 reason=May', PARTNER);
    await press(await told('Top up 2 teams?', PARTNER), 'Top up 2 teams', PARTNER);
    await press(await told('Top up 2 teams: 2 done', PARTNER), 'Undo', PARTNER);
    await told('Undo “Top up 2 teams”', PARTNER);
    expect(await balanceOf(subject, 'acne-prod')).toBe(9_990_000_000n);
  });
});

describe('outside of it', () => {
  test('no name of another organization was ever shown or offered', async () => {
    await quiet();
    const { control } = subject;
    const shown = [
      ...seen(PARTNER).filter(({ ephemeralFor }) => ephemeralFor === PARTNER),
      ...seen(VIEWER).filter(({ ephemeralFor }) => ephemeralFor === VIEWER),
      control.home({ user: PARTNER }),
      control.home({ user: VIEWER }),
    ].map((each) => JSON.stringify(each?.blocks));
    // What they typed themselves is repeated to them.
    const said = shown.join('\n').replaceAll('acne-prd', '');
    expect(said).toContain('acme-prod');
    expect(said.match(FOREIGN)).toBeNull();
    expect(offered.join('\n').match(FOREIGN)).toBeNull();
  });

  test('a name that others have is taken, and whose it is is not said', async () => {
    await type('/team create globex-dev org=acme credits=1 groups=gpt-models', PARTNER);
    const view = textOf(await form('create_team', PARTNER));
    expect(view).toContain('it is taken');
    expect(view.replaceAll('globex-dev', '')).not.toContain('globex');
    await close();
  });

  test('the button of a plan over all customers does nothing for who may not change all', async () => {
    const { workspace, stores } = subject;
    const everybody = { id: 'slack:U0MANAGER', door: 'slack' } as const;
    const plan = await planBulk(stores, everybody, {}, { kind: 'pause', reason: 'Audit' });
    const slackApiUrl = `${workspace.url}/api/`;
    const client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
    const { text, blocks } = bulkPreview(plan as BulkPreview, stores.clock());
    await client.chat.postMessage({ channel: 'C0ACME', text, blocks });
    await press(await news('Pause 4 teams?'), 'Pause 4 teams', PARTNER);
    await told('does not count here', PARTNER);
    const status = async (id: string) => (await subject.stores.records.teams.find(id))?.status;
    expect(await status('acne-prod')).toBe('active');
    expect(await status('acme-prod')).toBe('active');
  });

  test('a new customer belongs to nobody yet: that is for who may change everything', async () => {
    await type('/org onboard', PARTNER);
    await told('does not count here', PARTNER);
    await type('/team create globex-new org=globex credits=1 groups=gpt-models', PARTNER);
    await told('does not count here', PARTNER);
    expect(await subject.stores.records.teams.find('globex-new')).toBeUndefined();
  });
});
