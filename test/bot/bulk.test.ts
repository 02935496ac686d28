import { bulkPreviewCsv, bulkReportCsv } from '../../src/bot/bulk-csv.ts';
import type { BulkPreview } from '../../src/core/bulk/bulk-plan.ts';
import { planBulk } from '../../src/core/bulk/plan-bulk.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

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
  await told('(`claude-models`):');
  await type('/team bulk allow model=gpt-models names=claude-models');
  const preview = await told('Widen access of 3 teams?');
  expect(textOf(preview)).toContain('1 team fits and is so already');
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

test('a team that changed between preview and press is told and left alone, the others are done', async () => {
  for (const id of ['moved-a', 'moved-b', 'moved-c']) {
    await givenTeam(subject, id, { organizationId: 'moved', channelId: undefined });
  }
  await type('/team bulk topup org=moved credits=10 reason=May');
  const funding = await told('Top up 3 teams?');
  await type('/team bulk suspend org=moved reason=Unpaid');
  const ending = await told('Suspend 3 teams?');
  await type('/team topup moved-a 5 reason="Somebody else"');
  await type('/team pause moved-b reason="Somebody else"');
  await subject.idle();
  await press(funding, 'Top up 3 teams');
  const report = textOf(await told('Top up 3 teams: 1 done, 2 not done'));
  expect(report).toContain('`moved-a`: Team moved-a was left alone: its credits were changed');
  expect(report).toContain('`moved-b`: Team moved-b was left alone: it is paused by now');
  expect(await balanceOf(subject, 'moved-a')).toBe(1_005_000_000n);
  await press(ending, 'Suspend 3 teams');
  await told('Suspend 3 teams: 2 done, 1 not done');
  expect(await statusOf('moved-b')).toBe('paused');
});

test('a suspension of many is undone for those that it changed, to what each of them was', async () => {
  for (const id of ['back-a', 'back-b', 'back-c']) {
    await givenTeam(subject, id, { organizationId: 'back', channelId: undefined });
  }
  await type('/team pause back-b reason="On their wish"');
  await told('Paused: `back-b`');
  await type('/team bulk suspend org=back reason=Unpaid');
  const preview = await told('Suspend 3 teams?');
  await type('/team suspend back-c reason="Somebody else"');
  await press(await told('Suspend `back-c`'), 'Suspend');
  await told('Suspended: `back-c`');
  await press(preview, 'Suspend 3 teams');
  const report = await told('`back-c`: Team back-c was left alone');
  await Promise.all([press(report, 'Undo'), press(report, 'Undo')]);
  await subject.idle();
  await told('Undo “Suspend 3 teams”: ');
  expect(await Promise.all(['back-a', 'back-b', 'back-c'].map(statusOf))).toEqual([
    'active',
    'paused',
    'suspended',
  ]);
});

test('a top-up of many is undone by entries of its own, once, and what was used is told', async () => {
  for (const id of ['spent-a', 'spent-b']) {
    await givenTeam(subject, id, { organizationId: 'spent', channelId: undefined, credits: '0' });
  }
  await type('/team bulk topup org=spent credits=50 reason=May');
  await press(await told('Top up 2 teams?'), 'Top up 2 teams');
  const report = await told('Top up 2 teams: 2 done');
  await spend(subject, 'spent-b', 20n);
  await Promise.all([press(report, 'Undo'), press(report, 'Undo')]);
  await subject.idle();
  expect(textOf(await told('Undo “Top up 2 teams”: '))).toContain('`spent-b`: ');
  expect(await balanceOf(subject, 'spent-a')).toBe(0n);
  expect(await balanceOf(subject, 'spent-b')).toBe(30_000_000n);
  const [entry] = await subject.stores.records.ledger.history('spent-a', 1);
  expect(entry).toMatchObject({ amount: -50_000_000n, reason: 'Undo: May' });
});

test('access that was widened may be in use already: no way back is offered', async () => {
  await givenTeam(subject, 'wide-a', { organizationId: 'wide', channelId: undefined });
  await type('/team bulk allow org=wide names=claude-models');
  await press(await told('Widen access of 1 team?'), 'Widen access of 1 team');
  expect(textOf(await told('Widen access of 1 team: 1 done'))).not.toContain('Undo');
});

test('a preview of long ago, a missing filter and a viewer change nothing', async () => {
  await type('/team bulk resume org=globex reason=x');
  const preview = await told('Resume 3 teams?');
  nowMs += 2 * 3_600_000;
  await press(preview, 'Resume 3 teams');
  await told('This preview is too old');
  await type('/team bulk resume reason=x');
  expect(textOf(await form('arguments'))).toContain('nothing narrows the teams');
  await subject.control.closeView({ user: MANAGER, all: true });
  await type('/team bulk');
  await form('arguments');
  await subject.control.closeView({ user: MANAGER });
  await type('/team bulk resume org=globex reason=x', VIEWER);
  await told('needs the role *manager*', VIEWER);
  expect(await statusOf('globex-a')).toBe('suspended');
});

test('more teams than a message shows stand in a file, one line each, before and after', async () => {
  for (let at = 10; at < 36; at += 1) {
    await givenTeam(subject, `many-${at}`, { organizationId: 'many', channelId: undefined });
  }
  await type('/team bulk topup org=many credits=10 reason=May');
  const preview = await told('Top up 26 teams?');
  expect(textOf(preview)).toContain('1 more; all of them stand in a file');
  const sent = async (name: string) =>
    subject.control.waitForMessage(({ files }) => files.some((file) => file['name'] === name));
  expect((await sent('bulk-preview.csv')).channel).toMatch(/^D/);
  await press(preview, 'Top up 26 teams');
  await told('Top up 26 teams: 26 done');
  expect((await sent('bulk-report.csv')).channel).toMatch(/^D/);
});

test('the file of a change names each team, before and after, and what became of it', async () => {
  await givenTeam(subject, 'filed-a', { organizationId: 'filed', channelId: undefined });
  const action = { kind: 'topup', reason: 'May', microcredits: 10_000_000n } as const;
  const actor = { id: 'slack:U0MANAGER', door: 'slack' } as const;
  const filter = { organizationId: 'filed' };
  const preview = await planBulk(subject.stores, actor, filter, action);
  expect(bulkPreviewCsv(preview as BulkPreview)).toBe(
    'organization,team,status_now,credits_now,change,to\r\nfiled,filed-a,active,1000,topup,10 credits more\r\n',
  );
  expect(bulkReportCsv([{ teamId: 'filed-a', is: 'refused', why: '=1+1, no' }])).toBe(
    'team,outcome,why\r\nfiled-a,refused,"\'=1+1, no"\r\n',
  );
});
