import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal } from '../../src/bot/escape.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, news, seen, press, form } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod', { credits: '1000' });
});

afterAll(async () => {
  await subject.close();
});

const statusOf = async (id: string) => (await subject.stores.records.teams.find(id))?.status;

test('the command alone, and with help, says what there is', async () => {
  await type('/team');
  await told('What /team can do');
  await type('/team help topup', VIEWER);
  const help = await told('/team topup', VIEWER);
  expect(textOf(help)).toContain('stands in the ledger for ever');
});

test('a team is shown with balance, price, models, keys without their secrets and entries', async () => {
  const { secretKey } = await givenTeam(subject, 'acme-shown', { alias: 'Acme, shown' });
  await type('/team show acme-shown', VIEWER);
  const card = textOf(await told('acme-shown', VIEWER));
  for (const part of [
    '*1,000 credits* spendable',
    '100 %',
    '🟢 active',
    'GPT models',
    '`gpt-4o-mini`',
    'By cost: 10 credits per US dollar',
    `sk-…${secretKey.slice(-4)}`,
    '+1,000',
    'Initial allocation',
    'no use in the last 24 h',
  ]) {
    expect(card).toContain(part);
  }
});

test('a team that was misspelled comes with buttons for those that were probably meant', async () => {
  await type('/team show acme-prdo');
  const offered = await told('Did you mean');
  await press(offered, 'acme-prod');
  expect((await told('*1,000 credits* spendable')).text).toContain('acme-prod: active');
});

test('an unknown subcommand comes with the one that was probably meant', async () => {
  await type('/team shwo acme-prod', VIEWER);
  const offered = await told('does not know `shwo`', VIEWER);
  await press(offered, 'Run show', VIEWER);
  await subject.idle();
  expect((await told('Latest entries', VIEWER)).text).toBe('acme-prod: active, 1,000 credits');
});

test('teams are listed ten at a time, with buttons to turn pages in place', async () => {
  for (let number = 10; number < 33; number += 1) {
    await givenTeam(subject, `globex-${number}`, { organizationId: 'globex', credits: '5' });
  }
  await type('/team list org=globex', VIEWER);
  const first = await told('Teams of globex', VIEWER);
  expect(textOf(first)).toContain('globex-19');
  expect(textOf(first)).not.toContain('globex-20');
  await press(first, 'Next', VIEWER);
  const second = await told('globex-20', VIEWER);
  expect(second.stamp).toBe(first.stamp);
  await press(second, 'Next', VIEWER);
  const third = await told('globex-32', VIEWER);
  await expect(press(third, 'Next', VIEWER)).rejects.toThrow('there is');
  await press(third, 'Previous', VIEWER);
  expect(textOf(await told('globex-29', VIEWER))).toContain('Page 2');
});

test('an unknown organization is told, with the one that was probably meant', async () => {
  await type('/team list org=globx');
  expect(textOf(await told('There is no organization'))).toContain('Did you mean `globex`?');
});

test('a team is suspended after a question, once, and the channel is told', async () => {
  await givenTeam(subject, 'acme-late');
  await type('/team suspend acme-late reason="Unpaid invoice"');
  const question = await told('Suspend `acme-late`');
  expect(textOf(question)).toContain('403');
  expect(await statusOf('acme-late')).toBe('active');
  await Promise.all([press(question, 'Suspend'), press(question, 'Suspend')]);
  const done = await told('🔴 Suspended: `acme-late`');
  expect(done.stamp).toBe(question.stamp);
  expect(await statusOf('acme-late')).toBe('suspended');
  await news('🔴 Suspended: team *acme-late*, by <@U0MANAGER>: Unpaid invoice');
  await subject.idle();
  const told403 = seen(undefined).filter((message) => textOf(message).includes('team *acme-late*'));
  expect(told403).toHaveLength(1);
  await type('/team suspend acme-late');
  await told('`acme-late` is already suspended');
});

test('who answers the question with no keeps the team running', async () => {
  await givenTeam(subject, 'acme-kept');
  await type('/team suspend acme-kept');
  const question = await told('Suspend `acme-kept`');
  await press(question, 'Keep it running');
  expect((await told('`acme-kept` keeps running')).stamp).toBe(question.stamp);
  expect(await statusOf('acme-kept')).toBe('active');
});

test('pausing and resuming hold at once, and a second delivery says nothing', async () => {
  await givenTeam(subject, 'acme-break');
  await type('/team pause acme-break');
  await told('🟡 Paused: `acme-break`');
  await subject.control.redeliver();
  await subject.idle();
  expect(seen(MANAGER).filter((m) => textOf(m).includes('already paused'))).toEqual([]);
  await type('/team resume acme-break');
  await told('🟢 Resumed: `acme-break`');
  await type('/team resume acme-break');
  await told('`acme-break` is already active');
  expect(await statusOf('acme-break')).toBe('active');
  // Resuming asks for no reason, and none is made up.
  const [resumed] = await subject.stores.records.audit.search({ teamId: 'acme-break', limit: 1 });
  expect(resumed).toMatchObject({ action: 'team.resumed', reason: null });
});

test('what the gate enforces is what was said', async () => {
  const { keyId, team } = await givenTeam(subject, 'acme-gate');
  const [key] = await subject.stores.records.keys.ofTeam(team.id);
  const identity = {
    hash: key?.hash ?? '',
    lastFour: key?.lastFour ?? '',
    keyId,
    teamId: team.id,
    organizationId: team.organizationId,
    userId: undefined,
  };
  expect(await subject.gate.probe(identity, '')).toBeUndefined();
  await type('/team pause acme-gate');
  await told('🟡 Paused: `acme-gate`');
  expect(await subject.gate.probe(identity, '')).toBe('team_paused');
});

test.each([
  [VIEWER, '/team suspend acme-prod'],
  [VIEWER, '/team resume acme-prod'],
  [VIEWER, '/team pause acme-prod'],
  [VIEWER, '/team topup acme-prod 5 reason=x'],
  [APPROVER, '/team pause acme-prod'],
  [APPROVER, '/team topup acme-prod 5 reason=x'],
])('%s may look, but is refused: %s', async (user, text) => {
  await type(text, user);
  await told('needs the role *manager*', user);
  expect(await statusOf('acme-prod')).toBe('active');
});

test('a button that somebody else was shown checks who presses it', async () => {
  await givenTeam(subject, 'acme-press');
  await type('/team show acme-press', VIEWER);
  const card = await told('acme-press', VIEWER);
  await press(card, 'Suspend', VIEWER);
  await told('needs the role *manager*', VIEWER);
  expect(await statusOf('acme-press')).toBe('active');
});

test('hostile names are shown, not obeyed', async () => {
  const hostile = '<!channel> <https://evil.example|bank> *x* `y` &amp; @here';
  await givenTeam(subject, 'acme-hostile', { alias: hostile });
  await type('/team show acme-hostile');
  const card = await told('acme-hostile');
  expect(card.text + textOf(card)).not.toMatch(/<!channel>|<https:\/\/evil/);
  expect(textOf(card)).toContain(JSON.stringify(literal(hostile)).slice(1, -1));
  await type('/team suspend acme-hostile reason="<!here> pay"');
  const question = await told('Suspend `acme-hostile`');
  await press(question, 'Suspend');
  expect(textOf(await news('team *acme-hostile*'))).toContain('&lt;!here&gt; pay');
});

test('a word that is missing is asked for in a form', async () => {
  await givenTeam(subject, 'acme-asked');
  await type('/team show');
  await form('arguments');
  await subject.control.submitView({ user: MANAGER, values: { team: 'acme-asked' } });
  expect(textOf(await told('acme-asked'))).toContain('spendable');
});

test('no key ever passes through Slack', () => {
  expect(subject.control.everything()).not.toMatch(/sk-[0-9a-f]{8}/);
});
