import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, buttonOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
/** How far the workspace's clock jumps whenever it is looked at. */
let hurry = 0;
let skippedMs = 0;
const { type, told, news, form, seen } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({
    now: () => {
      skippedMs += hurry;
      return Date.now() + skippedMs;
    },
  });
  await givenTeam(subject, 'acme-first');
});

afterEach(async () => {
  for (const user of [MANAGER, APPROVER, VIEWER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});

afterAll(async () => {
  await subject.close();
});

test('a complete command creates the team, answers its author alone and tells the channel', async () => {
  await type('/team create acme-prod org=acme credits=1,000 groups=gpt-models');
  const reply = await told('is ready');
  expect(buttonOf(reply, 'Reveal the key once').url).toMatch(
    /^http:\/\/127.0.0.1:4000\/reveal\/\S{22}$/,
  );
  const said = await news('Team *acme-prod*');
  expect(said.text).toBe('🔑 Team *acme-prod* created by <@U0MANAGER>: 1,000 credits, GPT models');
  expect(textOf(said)).not.toContain('/reveal/');
  const team = await subject.stores.records.teams.find('acme-prod');
  expect(team).toMatchObject({ channelId: 'C0ACME', accessGroups: ['gpt-models'] });
  expect(await balanceOf(subject, 'acme-prod')).toBe(1_000_000_000n);
});

test('a command that is delivered twice creates once and answers once', async () => {
  await type('/team create acme-twice org=acme credits=5 groups=gpt-models');
  await told('acme-twice');
  await news('acme-twice');
  await subject.control.redeliver();
  await subject.idle();
  const about = seen(MANAGER).filter((message) => textOf(message).includes('acme-twice'));
  expect(about).toHaveLength(2);
});

test('what is missing is asked for in a form that has everything else filled in', async () => {
  await type(
    '/team create acme-form credits=2.5k alias=“Acme, forms” mode=consumption-usd channel=#quartermaster-ops',
  );
  const view = await form('create_team');
  const values = { org: 'acme', groups: ['gpt-models', 'claude-models'] };
  expect(view.state['team']?.['team']).toMatchObject({ value: 'acme-form' });
  expect(view.state['credits']?.['credits']).toMatchObject({ value: '2.5k' });
  expect(view.state['alias']?.['alias']).toMatchObject({ value: 'Acme, forms' });
  const sent = await subject.control.submitView({ user: MANAGER, values });
  expect(sent.ok).toBe(true);
  await told('acme-form');
  const team = await subject.stores.records.teams.find('acme-form');
  expect(team).toMatchObject({
    alias: 'Acme, forms',
    budgetMode: 'consumption_usd',
    channelId: 'C0OPS',
    accessGroups: ['gpt-models', 'claude-models'],
  });
  expect(await balanceOf(subject, 'acme-form')).toBe(2_500_000_000n);
  expect(subject.control.views({ user: MANAGER })).toEqual([]);
});

test('a channel that was taken out of the form stays out', async () => {
  await type('/team create acme-quiet org=acme credits=5');
  await form('create_team');
  const values = { groups: ['gpt-models'], channel: null };
  await subject.control.submitView({ user: MANAGER, values });
  expect(textOf(await told('acme-quiet'))).toContain('No channel is linked.');
  const team = await subject.stores.records.teams.find('acme-quiet');
  expect(team?.channelId).toBeNull();
});

test('a form that is delivered twice creates once and answers once', async () => {
  await type('/team create acme-form-twice');
  await form('create_team');
  const values = { org: 'acme', groups: ['gpt-models'], credits: '7' };
  await subject.control.submitView({ user: MANAGER, values });
  await told('acme-form-twice');
  await news('acme-form-twice');
  await subject.control.redeliver();
  await subject.idle();
  const about = seen(MANAGER).filter((message) => textOf(message).includes('acme-form-twice'));
  expect(about).toHaveLength(2);
});

test('an unknown organization is created only by whoever ticks its box', async () => {
  await type('/team create globex-prod org=globex credits=10 groups=claude-models');
  const view = await form('create_team');
  expect(textOf(view)).toContain('There is no organization “globex” yet');
  const unticked = await subject.control.submitView({ user: MANAGER });
  expect(unticked.errors?.['org']).toContain('To create it, tick the box below.');
  expect(await subject.stores.records.organizations.find('globex')).toBeUndefined();
  const values = { credits: '10' };
  const wrong = { 'new_org:globex': ['globex'], credits: 'ten' };
  const again = await subject.control.submitView({ user: MANAGER, values: wrong });
  expect(Object.keys(again.errors ?? {})).toEqual(['credits']);
  const ticked = await subject.control.submitView({ user: MANAGER, values });
  expect(ticked.ok).toBe(true);
  expect(textOf(await told('globex-prod'))).toContain('`globex` (new)');
  expect(await subject.stores.records.organizations.find('globex')).toBeDefined();
});

test('menus offer any number of customers and groups, and a new customer by its id', async () => {
  const { records } = subject.stores;
  for (let at = 0; at < 120; at += 1) {
    const id = `customer-${at}`;
    const row = { id, name: `Customer no. ${at}`, status: 'active', timeZone: 'UTC' } as const;
    await subject.postgres.organization.create({ data: row });
  }
  const groups = Array.from({ length: 120 }, (_, at) => ({
    name: `group-${at}`,
    displayName: `Group ${at}`,
    aliases: ['gpt-4o'],
  }));
  const before = await records.accessGroups.list();
  await records.accessGroups.replace([...before, ...groups], ['gpt-4o']);
  await type('/team create menu-prod credits=5');
  await form('create_team');
  const offered = async (actionId: string, query: string) =>
    (await subject.control.typeahead({ user: MANAGER, actionId, query })).options;
  expect(await offered('org', 'no. 117')).toMatchObject([{ value: 'customer-117' }]);
  expect(await offered('groups', 'Group 119')).toMatchObject([{ value: 'group-119' }]);
  expect(await offered('org', 'customer-117')).toHaveLength(1);
  const [fresh] = await offered('org', 'menu-corp');
  expect(fresh).toMatchObject({ value: 'new:menu-corp', text: { text: 'New: menu-corp' } });
  const values = { org: 'new:menu-corp', groups: ['group-119'] };
  const sent = await subject.control.submitView({ user: MANAGER, values });
  expect(sent.ok).toBe(true);
  expect(textOf(await told('menu-prod'))).toContain('`menu-corp` (new)');
  const team = await records.teams.find('menu-prod');
  expect(team).toMatchObject({ organizationId: 'menu-corp', accessGroups: ['group-119'] });
  await type('/org onboard');
  await form('onboard');
  expect(await offered('groups', 'Group 118')).toMatchObject([{ value: 'group-118' }]);
});

test('a box that was ticked for one organization creates none where another one is chosen', async () => {
  await type('/team create initech-prod org=initech credits=10 groups=claude-models');
  await form('create_team');
  const values = { org: 'acme', 'new_org:initech': ['initech'] };
  const sent = await subject.control.submitView({ user: MANAGER, values });
  expect(sent.ok).toBe(true);
  expect(textOf(await told('initech-prod'))).toContain('`acme`');
  expect(await subject.stores.records.organizations.find('initech')).toBeUndefined();
});

test('a misspelled organization comes with the one that was probably meant', async () => {
  await type('/team create acme-near org=acmee credits=10 groups=gpt-models');
  expect(textOf(await form('create_team'))).toContain('Did you mean “acme”?');
});

test('what does not exist is told even while other parts are still missing', async () => {
  await type('/team create acme-hint org=acmee groups=gpt-modles');
  const shown = textOf(await form('create_team'));
  expect(shown).toContain('Did you mean “acme”?');
  expect(shown).toContain('There is no group “gpt-modles”. Did you mean “gpt-models”?');
});

test('wrong values stand beside their fields, in the form and when it is sent', async () => {
  await type('/team create -bad- org=acme credits=1,5 groups=gpt-modles');
  const view = await form('create_team');
  expect(textOf(view)).toContain('is not a number of credits');
  expect(textOf(view)).toContain('the first must be a letter or digit');
  const values = { groups: ['gpt-models'], credits: 'lots' };
  const sent = await subject.control.submitView({ user: MANAGER, values });
  expect(Object.keys(sent.errors ?? {})).toEqual(['team', 'credits']);
  const taken = { team: 'acme-first', credits: '1' };
  const again = await subject.control.submitView({ user: MANAGER, values: taken });
  expect(again.errors).toEqual({
    team: 'Team “acme-first” exists already, in organization “acme”.',
  });
});

test('who may only look is told so, in the form and without one', async () => {
  await type('/team create acme-no org=acme credits=1 groups=gpt-models', VIEWER);
  expect(textOf(await told('needs the role', VIEWER))).toContain('*manager*');
  await type('/team create', APPROVER);
  const view = await subject.control.waitForView(
    (shown) => shown.userId === APPROVER && textOf(shown).includes('needs the role'),
  );
  expect(view.submit).toBeUndefined();
  expect(await subject.stores.records.teams.find('acme-no')).toBeUndefined();
});

test('a form that is opened too late is offered behind a button', async () => {
  const { control } = subject;
  hurry = 4_000;
  await type('/team create acme-late');
  const late = await told('took too long');
  hurry = 0;
  const { actionId, value } = buttonOf(late, 'Open the form');
  await control.click({ user: MANAGER, message: late, actionId, value });
  const view = await form('create_team');
  expect(view.state['team']?.['team']).toMatchObject({ value: 'acme-late' });
});

test('work that takes longer than Slack waits is answered when it is done', async () => {
  await type('/team create acme-slow org=acme');
  await form('create_team');
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holding = subject.postgres.$transaction(async (scope) => {
    await scope.$executeRaw`LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE`;
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const values = { groups: ['gpt-models'], credits: '7' };
  const sent = await subject.control.submitView({ user: MANAGER, values });
  expect(sent.ok).toBe(true);
  await subject.control.waitForView((view) => textOf(view).includes('Working on it'));
  await subject.control.closeView({ user: MANAGER });
  release.resolve();
  await holding;
  expect(buttonOf(await told('acme-slow'), 'Reveal the key once').url).toContain('/reveal/');
});

test('a command too long for a button still opens its form', async () => {
  hurry = 4_000;
  await type(`/team create acme-long alias="${'x'.repeat(3_000)}"`);
  await subject.idle();
  const late = await told('took too long');
  hurry = 0;
  expect(buttonOf(late, 'Open the form').value).toBe('{"text":"/team create"}');
});

test('no key ever passes through Slack', async () => {
  const everything = subject.control.everything();
  expect(everything).toContain('acme-prod');
  expect(everything).not.toMatch(/sk-[0-9a-f]{8}/);
});
