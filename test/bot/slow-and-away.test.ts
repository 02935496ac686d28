// Postgres takes its time or is gone, Slack is gone, the bot is restarted: Slack has its answer within 3 s, the
// person is told what became of it, and nothing happens twice.

import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { runSql } from '../support/services-for-tests.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { createDesk } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { balanceOf, buttonOf, givenTeam } from './person.ts';

const CREDIT = 1_000_000n;
const SLACK_WAITS_MS = 3_000;
const POSTGRES_TAKES_S = 10;

let subject: BotUnderTest;
let desk: Desk;

beforeEach(async () => {
  const roles = { managers: [MANAGER, APPROVER, VIEWER], approvers: [], viewers: [] };
  subject = await startBot({ roles });
  desk = createDesk(subject);
  desk.begin();
  await givenTeam(subject, 'acme-prod');
});
afterEach(async () => subject.close());

/** Every table is locked for so long; resolves when the locks are held, and answers their end. */
async function slowPostgres(
  takesS = POSTGRES_TAKES_S,
): Promise<{ readonly end: Promise<unknown> }> {
  const tables = await subject.postgres.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(table_name) AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name`;
  const locked = Promise.withResolvers<void>();
  const end = subject.postgres.$transaction(
    async (scope) => {
      const names = tables.map(({ name }) => name).join(', ');
      await scope.$executeRawUnsafe(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
      locked.resolve();
      await scope.$executeRawUnsafe(`SELECT pg_sleep(${takesS})`);
    },
    { timeout: 2 * takesS * 1_000 },
  );
  await Promise.race([locked.promise, end]);
  return { end };
}

test('with a Postgres that takes 10 s, Slack has its answer within 3, and each is done once', async () => {
  const { control } = subject;
  await desk.type('/team credits deduct acme-prod 2 reason=x');
  const message = await desk.told('Deduct *2 credits*');
  const { actionId, value } = buttonOf(message, 'Deduct');
  await desk.type('/team topup acme-prod', APPROVER);
  const { id: viewId } = await desk.form('top_up', APPROVER);
  await desk.type('/team show', VIEWER);
  await desk.form('arguments', VIEWER);
  await subject.idle();

  const { end } = await slowPostgres();
  const values = { credits: '30', reason: 'form' };
  const outcomes = await Promise.all([
    control.command({
      user: MANAGER,
      channel: '#acme-prod',
      text: '/team topup acme-prod 5 reason=x',
    }),
    control.command({ user: MANAGER, channel: '#acme-prod', text: '/team limits' }),
    control.click({ user: MANAGER, message, actionId, value }),
    control.submitView({ user: APPROVER, viewId, values }),
    control.typeahead({ user: VIEWER, actionId: 'team', query: 'acme' }),
    control.openHome({ user: VIEWER }),
  ]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true]);
  expect(Math.max(...outcomes.map(({ tookMs = 0 }) => tookMs))).toBeLessThan(SLACK_WAITS_MS);
  await control.waitForView((view) => textOf(view).includes('Working on it'));
  await control.waitForView((view) => textOf(view).includes('One moment'));
  const working = await control.waitForMessage(
    (said) => said.stamp !== message.stamp && textOf(said).includes('Working on it'),
  );
  expect(working.ephemeralFor).toBe(MANAGER);
  await end;

  await desk.told('Added 5 credits');
  await desk.told('`acme-prod`: 2 credits deducted');
  await desk.told('Added 30 credits', APPROVER);
  await control.waitForView((view) => view.userId === APPROVER && textOf(view).includes('Done'));
  await control.waitForView((view) => view.userId === MANAGER && view.callbackId === 'arguments');
  await control.waitForHome((view) => view.userId === VIEWER);
  await subject.idle();
  const left = desk.seen(MANAGER).filter((said) => textOf(said).includes('Working on it'));
  // The answer to a command stands in its place; below a button it stays, since that has a message of its own.
  expect(left.length).toBeLessThanOrEqual(1);
  expect(await balanceOf(subject, 'acme-prod')).toBe((1_000n + 5n + 30n - 2n) * CREDIT);
});

describe('while Slack is away', () => {
  test('what was done is told as soon as Slack is back, and is done once', async () => {
    // Who they are is known for some seconds: else nothing could be done without Slack.
    await desk.type('/team show acme-prod');
    await desk.told('spendable');
    const end = subject.control.outage({ status: 503 });
    await desk.type('/team topup acme-prod 5 reason=x');
    await desk.waitFor(
      async () =>
        subject.postgres.channelPost.findFirst({ where: { kind: 'answer.late', overAt: null } }),
      { what: 'the answer to wait', timeoutMs: 30_000 },
    );
    end();
    const late = await subject.control.waitForMessage(
      (message) => textOf(message).includes('Slack did not take the answer then'),
      { timeoutMs: 20_000 },
    );
    expect(textOf(late)).toContain('Added 5 credits to `acme-prod`');
    expect(late.channel).toMatch(/^[DU]/);
    await subject.control.redeliver(subject.control.envelopes()[0]);
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005n * CREDIT);
  });
});

describe('while the database is gone', () => {
  test('a command, a form, a button and the home tab say so, and nothing was changed', async () => {
    const { control } = subject;
    await desk.type('/team credits deduct acme-prod 2 reason=x');
    const message = await desk.told('Deduct *2 credits*');
    await desk.type('/team topup acme-prod', APPROVER);
    const { id: viewId } = await desk.form('top_up', APPROVER);
    await subject.idle();
    const [database] = await subject.postgres.$queryRaw<{ name: string }[]>`
      SELECT current_database() AS name`;
    const { adminDatabaseUrl } = inject('services');
    await runSql(adminDatabaseUrl, `ALTER DATABASE ${database?.name} ALLOW_CONNECTIONS false`);
    await runSql(
      adminDatabaseUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database?.name}'`,
    );
    desk.begin();
    await desk.type('/team topup acme-prod 5 reason=x');
    await desk.told("The database can't be reached at the moment. Nothing was changed");
    desk.begin();
    await desk.press(message, 'Deduct');
    await desk.told("The database can't be reached at the moment. Nothing was changed");
    const values = { credits: '30', reason: 'form' };
    await control.submitView({ user: APPROVER, viewId, values });
    await control.waitForView(
      (view) => view.userId === APPROVER && textOf(view).includes("database can't be reached"),
    );
    await desk.type('/team limits');
    await control.waitForView(
      (view) => view.userId === MANAGER && textOf(view).includes("database can't be reached"),
    );
    await control.openHome({ user: VIEWER });
    await control.waitForHome((view) => textOf(view).includes("can't be reached"));
    await runSql(adminDatabaseUrl, `ALTER DATABASE ${database?.name} ALLOW_CONNECTIONS true`);
    await desk.waitFor(async () => balanceOf(subject, 'acme-prod'), { what: 'the database' });
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_000n * CREDIT);
    desk.begin();
    await desk.press(message, 'Deduct');
    await desk.told('`acme-prod`: 2 credits deducted');
  });
});

describe('a bot that is restarted', () => {
  test('tells who still waits, with a button that does it once, whatever became of it', async () => {
    const { end } = await slowPostgres(7);
    await desk.type('/team topup acme-prod 5 reason=x');
    await subject.bot.stop();
    const message = await desk.told(
      'I am being restarted, and `/team topup acme-prod 5 reason=x` was not over yet',
    );
    await end;
    await desk.waitFor(
      async () => ((await balanceOf(subject, 'acme-prod')) === 1_005n * CREDIT ? true : undefined),
      { what: 'what was under way' },
    );
    await subject.restart();
    await desk.press(message, 'Make sure it is done');
    await desk.told('nothing was done twice');
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005n * CREDIT);
  });

  test('while a form is open takes the form when it is back, once', async () => {
    const { control } = subject;
    await desk.type('/team topup acme-prod');
    const { id: viewId } = await desk.form('top_up');
    await subject.bot.stop();
    await control.waitForConnection({ connections: 0 });
    const given = { user: MANAGER, viewId, values: { credits: '5', reason: 'x' } };
    const unheard = await control.submitView(given);
    expect(unheard).toMatchObject({ ok: false, error: 'dispatch_failed' });
    expect(unheard.sentence).toContain('trouble connecting');
    await subject.restart();
    expect(await control.submitView(given)).toMatchObject({ ok: true });
    await desk.told('Added 5 credits');
    await control.redeliver();
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005n * CREDIT);
  });

  test('between the work and its answer does nothing twice when the form is sent again', async () => {
    const { control } = subject;
    await desk.type('/team topup acme-prod');
    const { id: viewId } = await desk.form('top_up');
    const given = { user: MANAGER, viewId, values: { credits: '5', reason: 'x' } };
    // The answer is lost on its way: Slack keeps the form open, and the person sends it again.
    const sending = control.submitView(given);
    control.refreshConnections();
    await sending;
    await subject.idle();
    await subject.bot.stop();
    await subject.restart();
    await control.redeliver(control.envelopes().at(-1));
    await subject.idle();
    expect(await balanceOf(subject, 'acme-prod')).toBe(1_005n * CREDIT);
  });
});
