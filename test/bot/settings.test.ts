// Owners give and take roles in Slack, and what they decide holds at once on every bot.

import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAdministrators } from '../../src/bot/posts/administrators.ts';
import { createRoles } from '../../src/bot/roles.ts';
import type { SlackRoles } from '../../src/config/settings.ts';
import type { RoleGrant } from '../../src/core/policy.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

const OWNER = VIEWER;
/** The file names one owner and one manager's group; the approver has nothing. */
const FILE: SlackRoles = {
  owners: [OWNER],
  managers: ['S0MANAGERS'],
  approvers: [],
  viewers: [],
};

let subject: BotUnderTest;
const { type, told, form, press, quiet, askedAgain } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({ roles: FILE });
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'globex-prod', { organizationId: 'globex' });
});
afterEach(async () => {
  await subject.postgres.roleGrant.deleteMany();
  const change = { deactivated: false, guest: undefined, teamId: undefined };
  for (const user of [APPROVER, MANAGER, OWNER]) {
    await subject.control.changePerson({ user, change: change as object });
  }
});
afterAll(async () => subject.close());

/** A book of another process: another bot, or the worker. */
function elsewhere(file = FILE) {
  const { workspace, stores } = subject;
  const slackApiUrl = `${workspace.url}/api/`;
  const client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
  const log = pino({ level: 'silent' });
  return createRoles(file, client, stores.clock, log, stores.records.roles.list);
}
const given = async () =>
  (await subject.stores.records.roles.list()).map(({ holder, role, organizationId }) => [
    holder,
    role,
    organizationId,
  ]);
const give = async (grant: RoleGrant) => subject.stores.records.roles.add(grant, `slack:${OWNER}`);
async function sure(question: string, label: string) {
  await press(await told(question, OWNER), label, OWNER);
}

describe('a role that is given', () => {
  test('holds with the next click, on every bot, and is taken as quickly', async () => {
    const other = elsewhere();
    await type('/team topup acme-prod 5 reason=Before', APPROVER);
    await told('This needs the role *manager*; you have no role', APPROVER);
    await type('/quartermaster settings give @omar manager', OWNER);
    expect(await given()).toEqual([]);
    await sure('Make <@U0APPROVER> *manager*?', 'Give the role');
    await told('<@U0APPROVER> is now *manager*', OWNER);
    expect(await other.complaint(APPROVER, 'manager')).toBeUndefined();
    await type('/team topup acme-prod 5 reason=Pilot', APPROVER);
    await told('Added 5 credits', APPROVER);
    await type('/quartermaster settings take @omar manager', OWNER);
    await sure('Take the role *manager* from <@U0APPROVER>?', 'Take it away');
    await told('<@U0APPROVER> is *manager* no longer', OWNER);
    expect(await other.complaint(APPROVER, 'manager')).toBeDefined();
    const before = await balanceOf(subject, 'acme-prod');
    await type('/team topup acme-prod 6 reason=After', APPROVER);
    await quiet();
    expect(await balanceOf(subject, 'acme-prod')).toBe(before);
  });

  test('in one organization counts there alone; a group has it as a person does', async () => {
    await type('/quartermaster settings give @viewers approver org=globex', OWNER);
    await sure('Make <!subteam^S0VIEWERS> *approver* of `globex`?', 'Give the role');
    await told('is now *approver* of `globex`', OWNER);
    const other = elsewhere({ ...FILE, owners: [] });
    expect(await other.within(['globex']).complaint(OWNER, 'approver')).toBeUndefined();
    expect(await other.within(['acme']).complaint(OWNER, 'approver')).toBeDefined();
  });

  test('is asked for in a form, with menus of people and of groups', async () => {
    await type('/quartermaster settings give', OWNER);
    const opened = await form('arguments', OWNER);
    const labels = JSON.stringify(opened.blocks);
    expect(labels).toContain('users_select');
    const { options } = await subject.control.typeahead({
      user: OWNER,
      viewId: opened.id,
      actionId: 'group',
      query: 'appr',
    });
    expect(options.map(({ value }) => value)).toEqual(['S0APPROVERS']);
    const values = { who: APPROVER, role: 'viewer', org: 'acme' };
    await subject.control.submitView({ user: OWNER, values });
    await sure('Make <@U0APPROVER> *viewer* of `acme`?', 'Give the role');
    await told('is now *viewer* of `acme`', OWNER);
    expect(await given()).toEqual([[APPROVER, 'viewer', 'acme']]);
  });

  test('stands in the audit trail with what was before and after; a second delivery gives nothing', async () => {
    await type('/quartermaster settings give @omar viewer', OWNER);
    await sure('Make <@U0APPROVER> *viewer*?', 'Give the role');
    await told('is now *viewer*', OWNER);
    await subject.control.redeliver();
    await quiet();
    const entries = await subject.stores.records.audit.search({
      actor: `slack:${OWNER}`,
      action: 'role.given',
      limit: 1,
    });
    expect(entries).toMatchObject([
      { target: `slack:${APPROVER}`, before: { roles: [] }, after: { roles: ['viewer'] } },
    ]);
    expect(await given()).toHaveLength(1);
  });
});

describe('nobody', () => {
  test.each([
    ['a guest', { guest: 'multi' as const }, 'guests of this workspace have no roles'],
    ['who is deactivated', { deactivated: true }, 'this account is deactivated'],
    ['of another workspace', { teamId: 'T0OTHER' }, 'only people of this workspace have roles'],
  ])('%s is given a role', async (_, change, said) => {
    await subject.control.changePerson({ user: APPROVER, change });
    await type('/quartermaster settings give @omar viewer', OWNER);
    await askedAgain(said, OWNER);
    expect(await given()).toEqual([]);
  });

  test('but an owner sees or changes settings', async () => {
    for (const text of ['settings', 'settings give @maya owner sure=yes', 'settings acme']) {
      await type(`/quartermaster ${text}`);
      await told('This needs the role *owner*; you have the role *manager*');
    }
    expect(await given()).toEqual([]);
  });

  test('who owns one organization gives roles in another', async () => {
    await give({ holder: APPROVER, role: 'owner', organizationId: 'acme' });
    await type('/quartermaster settings give @maya viewer org=acme sure=yes', APPROVER);
    await told('is now *viewer* of `acme`', APPROVER);
    for (const where of ['org=globex', '']) {
      await type(`/quartermaster settings give @maya viewer ${where} sure=yes`, APPROVER);
      await quiet();
    }
    expect(await given()).toEqual([
      [APPROVER, 'owner', 'acme'],
      [MANAGER, 'viewer', 'acme'],
    ]);
  });

  test('takes away what the file grants', async () => {
    await type(`/quartermaster settings take ${OWNER} owner sure=yes`, OWNER);
    await askedAgain('this role is given by the configuration file', OWNER);
    expect(await elsewhere().complaint(OWNER, 'owner')).toBeUndefined();
  });

  test('takes away the last owner; one who left the workspace is none', async () => {
    const second = await startBot({ roles: { ...FILE, owners: [] } });
    const at = people(() => second);
    for (const holder of [MANAGER, APPROVER]) {
      await second.stores.records.roles.add({ holder, role: 'owner', organizationId: null }, 'x');
    }
    const owners = async () => (await second.stores.records.roles.list()).length;
    await second.control.changePerson({ user: APPROVER, change: { deactivated: true } });
    await at.type(`/quartermaster settings take ${MANAGER} owner sure=yes`);
    await at.told('No owner would be left');
    expect(await owners()).toBe(2);
    await second.control.changePerson({ user: APPROVER, change: { deactivated: false } });
    await Promise.all([
      at.type(`/quartermaster settings take ${MANAGER} owner sure=yes`, APPROVER),
      at.type(`/quartermaster settings take ${APPROVER} owner sure=yes`, MANAGER),
    ]);
    await second.idle();
    expect(await owners()).toBe(1);
    await second.close();
  });
});

describe('what is told', () => {
  test('settings: who holds what and by whom, the policy, and where each is changed', async () => {
    await give({ holder: APPROVER, role: 'manager', organizationId: 'acme' });
    await type('/quartermaster settings', OWNER);
    const shown = textOf(await told('Who may everywhere', OWNER));
    for (const part of [
      '*Owners*  <@U0VIEWER> 🔒',
      '*Managers*  <!subteam^S0MANAGERS> 🔒',
      'Who may in* `acme` *alone*',
      'given by <@U0VIEWER>',
      'Top-ups, grants, transfers, deductions, refills of a month above 10,000 credits: an approver',
      'managers may go ahead in an emergency',
      '<#C0OPS>',
      'quartermaster.yaml',
    ]) {
      expect(shown).toContain(part);
    }
    await press(await told('Who may everywhere', OWNER), 'Take away', OWNER);
    await sure('Take the role *manager* of `acme` from <@U0APPROVER>?', 'Take it away');
    await told('of `acme` no longer', OWNER);
    expect(await given()).toEqual([]);
  });

  test('settings, to who owns more organizations than are shown: how many more, and how to see one', async () => {
    for (const organizationId of ['acme', 'globex', 'initech', 'umbrella', 'vandelay']) {
      await give({ holder: APPROVER, role: 'owner', organizationId });
    }
    await type('/quartermaster settings', APPROVER);
    const closing = textOf(await told('You own', APPROVER));
    expect(closing).toContain('You own 2 more organizations');
    expect(closing).toContain('/quartermaster settings acme');
  });

  test('whoami: each role with its source, what it allows, and what is left of the day', async () => {
    await give({ holder: MANAGER, role: 'owner', organizationId: 'globex' });
    await type('/team topup acme-prod 500 reason=Pilot');
    await told('Added 500 credits');
    await type('/quartermaster whoami');
    const shown = textOf(await told('Your roles'));
    for (const part of [
      '*manager*, 🔒 by the configuration file, as one of <!subteam^S0MANAGERS>',
      '*owner* of `globex`, given by <@U0VIEWER>',
      'everywhere: create, fund, bound and suspend teams',
      'in `globex`: do everything, and give and take roles',
      '49,500 credits* of 50,000 credits are left',
    ]) {
      expect(shown).toContain(part);
    }
    await type('/quartermaster whoami', APPROVER);
    const nobody = textOf(await told('only help is open to you', APPROVER));
    expect(nobody).toContain('you have no role');
  });

  test('administrators are the owners, whoever made them so; managers where there is none', async () => {
    const administrators = async (file: SlackRoles) => createAdministrators(elsewhere(file))();
    const ownerless = { ...FILE, owners: [] };
    expect(await administrators(ownerless)).toEqual([MANAGER]);
    await give({ holder: APPROVER, role: 'owner', organizationId: null });
    expect(await administrators(ownerless)).toEqual([APPROVER]);
    expect(await administrators(FILE)).toEqual([OWNER, APPROVER]);
    await subject.control.changePerson({ user: OWNER, change: { deactivated: true } });
    expect(await administrators(FILE)).toEqual([APPROVER]);
  });
});
