import { afterAll, beforeAll, expect, test } from 'vitest';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, press, form } = people(() => subject);
let nowMs = Date.now();
let change: BotUnderTest['stores']['records']['change'];

beforeAll(async () => {
  subject = await startBot();
  Object.assign(subject.stores, { clock: () => nowMs });
  change = subject.stores.records.change;
  for (const id of ['globex-a', 'globex-b', 'globex-c']) {
    await givenTeam(subject, id, { organizationId: 'globex', channelId: undefined });
  }
  await givenTeam(subject, 'acme-prod', { credits: '40', channelId: undefined });
});
afterAll(async () => subject.close());

/** The records fail at the second of several changes, as when the database goes away in the middle. */
function failingOnce(): typeof change {
  let changes = 0;
  return async (work) => {
    changes += 1;
    if (changes === 2) {
      throw new Error('gone');
    }
    return change(work);
  };
}

const statusOf = async (id: string) => (await subject.stores.records.teams.find(id))?.status;

test('a filtered set is previewed, changed after a press, reported, and changed once', async () => {
  await type('/team pause globex-c');
  await told('Paused: `globex-c`');
  await type('/team bulk suspend org=globex status=active reason="Unpaid invoice"');
  const preview = await told('Suspend 2 teams?');
  expect(textOf(preview)).toContain('`globex-a`  🟢 active → 🔴 suspended');
  expect(textOf(preview)).not.toContain('globex-c');
  expect(await statusOf('globex-a')).toBe('active');
  await Promise.all([press(preview, 'Suspend 2 teams'), press(preview, 'Suspend 2 teams')]);
  await subject.idle();
  expect(textOf(await told('Suspend 2 teams: '))).not.toContain('not done');
  expect(await statusOf('globex-a')).toBe('suspended');
  expect(await statusOf('globex-b')).toBe('suspended');
  expect(await statusOf('globex-c')).toBe('paused');
  const audited = await subject.postgres.auditEntry.count({ where: { action: 'team.suspended' } });
  expect(audited).toBe(2);
});

test('teams that are low are topped up together, each with balance before and after', async () => {
  await type('/team bulk topup below=50 credits=500 reason="May allowance"');
  const preview = await told('Top up 1 team?');
  expect(textOf(preview)).toContain('`acme-prod`  40 credits → *540 credits*');
  await press(preview, 'Top up 1 team');
  await told('Top up 1 team: 1 done');
  expect(await balanceOf(subject, 'acme-prod')).toBe(540_000_000n);
});

test('access is widened for all that have a group, and who has it already is left alone', async () => {
  await type('/team models acme-prod add=claude-models');
  await told('*Group* `claude-models`');
  await type('/team bulk allow model=gpt-models names=claude-models');
  const preview = await told('Widen access of 3 teams?');
  expect(textOf(preview)).toContain('1 team fit, too, and are so already');
  await press(preview, 'Widen access of 3 teams');
  await told('3 done');
  const team = await subject.stores.records.teams.find('globex-b');
  expect(team?.accessGroups).toEqual(['gpt-models', 'claude-models']);
});

test('one team that can not be changed stops none of the others, and says why', async () => {
  await type('/team bulk topup org=globex credits=1 reason=x');
  const preview = await told('Top up 3 teams?');
  Object.assign(subject.stores.records, { change: failingOnce() });
  await press(preview, 'Top up 3 teams');
  const report = textOf(await told('2 done, 1 not done'));
  expect(report).toContain('`globex-b`: failed on our side');
  Object.assign(subject.stores.records, { change });
  await press(await told('2 done, 1 not done'), 'Try the rest again');
  await told('1 done, 2 done before');
});

test('a preview of long ago, a missing filter and a viewer change nothing', async () => {
  await type('/team bulk resume org=globex reason=x');
  const preview = await told('Resume 3 teams?');
  nowMs += 2 * 3_600_000;
  await press(preview, 'Resume 3 teams');
  await told('This preview is too old');
  await type('/team bulk resume reason=x');
  await told('nothing narrows the teams');
  await type('/team bulk');
  await form('arguments');
  await subject.control.closeView({ user: MANAGER });
  await type('/team bulk resume org=globex reason=x', VIEWER);
  await told('needs the role *manager*', VIEWER);
  expect(await statusOf('globex-a')).toBe('suspended');
});
