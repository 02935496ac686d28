import { afterAll, beforeAll, expect, test } from 'vitest';
import { creditsToText } from '../../src/core/money.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'a-other');
  await givenTeam(subject, 'b-mine');
  await type('/team topup b-mine 5 reason="Invoice 1"');
  await told('Added 5 credits');
});
afterAll(async () => subject.close());

async function homeOf(user: string) {
  await subject.control.openHome({ user });
  await subject.idle();
  return subject.control.waitForHome((view) => view.userId === user);
}

test('a manager sees their own teams first, recent changes, and the way to a new customer', async () => {
  const home = await homeOf(MANAGER);
  const shown = textOf(home);
  expect(shown.indexOf('Your teams')).toBeLessThan(shown.indexOf('*b-mine*'));
  expect(shown.indexOf('*b-mine*')).toBeLessThan(shown.indexOf('Other teams'));
  expect(shown).toContain('Recent changes');
  expect(shown).toContain('Invoice 1');
  await subject.control.click({ user: MANAGER, actionId: 'run:/org onboard' });
  await subject.control.waitForView((view) => view.callbackId === 'onboard');
});

test.each([
  [APPROVER, 'You decide on what needs a second pair of eyes', true],
  [VIEWER, 'You may look at everything', false],
])('%s sees what they may do, and no button that would be refused', async (user, said, changes) => {
  const shown = textOf(await homeOf(user));
  expect(shown).toContain(said);
  expect(shown).not.toContain('Top up');
  expect(shown).not.toContain('Onboard');
  expect(shown.includes('Recent changes')).toBe(changes);
});

test('what waits for a decision stands at the top of those who may decide', async () => {
  await type('/team topup a-other 25k reason="Invoice 17"');
  await told('This needs a second pair of eyes');
  await homeOf(APPROVER);
  const home = await subject.control.waitForHome(
    (view) => view.userId === APPROVER && textOf(view).includes('Waiting for your decision'),
  );
  const shown = textOf(home);
  expect(shown.indexOf('Waiting for your decision')).toBeLessThan(shown.indexOf('*b-mine*'));
  expect(shown).toContain('Top up a-other: 25,000 credits');
  for (const user of [MANAGER, VIEWER]) {
    expect(textOf(await homeOf(user))).not.toContain('Waiting for your decision');
  }
  const [proposal] = await subject.stores.records.approvals.list({ teamId: 'a-other', limit: 1 });
  await subject.control.click({
    user: APPROVER,
    actionId: `run:/approvals show ${proposal?.id}`,
  });
  const card = await subject.control.waitForView(
    (view) => view.userId === APPROVER && textOf(view).includes('Invoice 17'),
  );
  expect(textOf(card)).toContain('Approve');
});

test('the neediest of any number of teams come first, those that cannot call last', async () => {
  await givenTeam(subject, 'zeta-prod', { credits: '0' });
  await givenTeam(subject, 'alpha-off', { credits: '0' });
  await type('/team pause alpha-off reason="Audit"');
  await told('alpha-off');
  // More than anybody reads one by one, all of them without need.
  await subject.postgres.$executeRaw`
    INSERT INTO teams
    SELECT (jsonb_populate_record(team, jsonb_build_object(
      'id', 'many-' || number, 'limit_policy', 'unlimited'))).*
    FROM teams team, generate_series(1, 600) number WHERE team.id = 'a-other'`;
  await subject.postgres.$executeRaw`
    INSERT INTO credit_accounts (id, team_id)
    SELECT 'team:' || id, id FROM teams WHERE id LIKE 'many-%'`;
  const { teams, count, balance } = await subject.stores.records.totals.neediest({ limit: 1_000 });
  const ids = teams.map(({ id }) => id);
  expect([ids[0], ids.at(-1), count]).toEqual(['zeta-prod', 'alpha-off', ids.length]);
  const shown = textOf(await homeOf(MANAGER));
  expect(shown).toContain('*zeta-prod*');
  expect(shown).toContain(`and ${count - 20} more`);
  await type('/credits');
  const said = textOf(await told('the neediest first'));
  expect(said).toContain('*zeta-prod*');
  expect(said).toContain(`${creditsToText(balance)} credits in ${count} teams`);
});
