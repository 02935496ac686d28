import { afterEach, expect, test } from 'vitest';
import { RecordsUnavailable } from '../../src/core/faults.ts';
import { MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest | undefined;
const current = () => subject as BotUnderTest;
const { type, told } = people(current);

afterEach(async () => {
  await subject?.close();
  subject = undefined;
});

/** What the records do when they can't be reached. */
async function unreachable(): Promise<never> {
  throw new RecordsUnavailable('Asking the records: gone');
}

test('without roles everything but help is refused, and the cure is said', async () => {
  subject = await startBot({ roles: { managers: [], approvers: [], viewers: [] } });
  await type('/team help');
  await told('What /team can do');
  await type('/team list');
  expect(textOf(await told('no roles are configured'))).toContain('owners: [U0MANAGER]');
  await type('/team create');
  await current().control.waitForView((view) => textOf(view).includes('no roles are configured'));
});

test('who is in no role is told which one is needed', async () => {
  subject = await startBot({ roles: { ...ROLES, viewers: [] } });
  await type('/team list', VIEWER);
  const said = await told('needs the role *viewer*', VIEWER);
  expect(said.text).toBe('This needs the role *viewer*; you have no role.');
});

test('a team is shown by its ledger while the gate is away, and that is said', async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
  subject.gate.close();
  await type('/team show acme-prod');
  const card = textOf(await told('*1,000 credits* spendable'));
  expect(card).toContain("The gate can't be asked");
});

test('while the records are away a change is refused in words, and nothing is changed', async () => {
  subject = await startBot();
  Object.assign(subject.stores.records.teams, { find: unreachable });
  await type('/team show acme-prod');
  expect((await told('Nothing was changed')).text).toContain("database can't be reached");
});

test('an unexpected fault is told by a reference, without its text', async () => {
  subject = await startBot();
  const { stores } = subject;
  Object.assign(stores.records.teams, {
    find: async () => {
      throw new Error('password=hunter2');
    },
  });
  await type('/team show acme-prod');
  const said = textOf(await told('Something went wrong on our side'));
  expect(said).toMatch(/Reference `[\w-]{8}`/);
  expect(said).not.toContain('hunter2');
});

test('the home tab shows the neediest teams first, and its buttons open a view', async () => {
  subject = await startBot();
  await givenTeam(subject, 'a-rich');
  await givenTeam(subject, 'b-poor');
  await spend(subject, 'b-poor', 950n);
  const { control } = subject;
  await control.openHome({ user: MANAGER });
  const home = textOf(await control.waitForHome((view) => view.userId === MANAGER));
  expect(home.indexOf('b-poor')).toBeLessThan(home.indexOf('a-rich'));
  expect(home.indexOf('Low on credits')).toBeLessThan(home.indexOf('b-poor'));
  await control.click({ user: MANAGER, actionId: 'run:/team show b-poor' });
  await control.waitForView((view) => textOf(view).includes('*50 credits* spendable'));
  await control.click({ user: MANAGER, actionId: 'run:/team suspend b-poor' });
  const asked = await control.waitForView((view) => textOf(view).includes('Suspend `b-poor`'));
  await control.click({ user: MANAGER, actionId: 'suspend', viewId: asked.id });
  await control.waitForView((view) => textOf(view).includes('🔴 Suspended: `b-poor`'));
});

test('views that are piled up on each other give way to the newest', async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-pile');
  const { control } = subject;
  await control.openHome({ user: MANAGER });
  await control.waitForHome((view) => view.userId === MANAGER);
  const show = 'run:/team show acme-pile';
  const list = 'run:/team list org=acme';
  for (const actionId of [show, list, show, list]) {
    await control.click({ user: MANAGER, actionId });
    await subject.idle();
  }
  const [, , top] = control.views({ user: MANAGER });
  expect(textOf(top ?? { blocks: [] })).toContain('Teams of acme');
});

test('a form whose making fails says so in its place', async () => {
  subject = await startBot();
  Object.assign(subject.stores.records.organizations, { list: unreachable });
  await type('/team create');
  const { control } = subject;
  const view = await control.waitForView((shown) => textOf(shown).includes('Nothing was changed'));
  expect(view.submit).toBeUndefined();
});

test('the home tab of somebody without a role says so and names no team', async () => {
  subject = await startBot({ roles: { ...ROLES, viewers: [] } });
  await givenTeam(subject, 'a-secret');
  await subject.control.openHome({ user: VIEWER });
  const home = textOf(await subject.control.waitForHome((view) => view.userId === VIEWER));
  expect(home).toContain('needs the role');
  expect(home).not.toContain('a-secret');
});
