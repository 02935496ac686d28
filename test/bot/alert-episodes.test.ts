// Each kind of alert, from its crossing to its cure: one message that is kept current, with its history in the
// thread. Watchers look three times at once, as three workers would.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setAlertPolicy } from '../../src/core/alerts/handle.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { watchRunningOut } from '../../src/core/alerts/running-out.ts';
import { watchBudgets } from '../../src/core/alerts/watch-budgets.ts';
import { watchEndingGrants } from '../../src/core/alerts/watch-grants.ts';
import { watchEndingKeys } from '../../src/core/alerts/watch-keys.ts';
import { watchFailedRefills } from '../../src/core/alerts/watch-refills.ts';
import { watchErrors, watchUnusualUsage } from '../../src/core/alerts/watch-usage.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import type { BudgetChange } from '../../src/core/ceilings/change.ts';
import { subjectText } from '../../src/core/ceilings/subject.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { suspendExhausted } from '../../src/core/credits/auto-suspend.ts';
import { expireGrants } from '../../src/core/credits/expire.ts';
import { grantCredits } from '../../src/core/credits/grant-credits.ts';
import { setCreditPolicy } from '../../src/core/credits/policy.ts';
import { refillTeams } from '../../src/core/credits/refill.ts';
import { setAutoRefill } from '../../src/core/credits/set-auto-refill.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { updateKey } from '../../src/core/keys/update-key.ts';
import { addMember } from '../../src/core/members/members.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import type { Stores } from '../../src/core/stores.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const USD = 1_000_000_000n;

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

type Watch = (stores: Stores) => Promise<number>;

async function look(watch: Watch) {
  await Promise.all([1, 2, 3].map(async () => watch(room.stores)));
  await room.sayAll();
}

/** What stands in a channel of alerts: the title of each, and under it the lines of its thread. */
function alertsIn(channelId: string): { title: string; thread: string }[] {
  const all = room.workspace.control.messages({ channel: channelId });
  const isAlert =
    /^(<@\w+> )?(Team|Organization) \S+ (is low|has|uses|runs|was not)|^✅ (Over|Resolved)/;
  return all
    .filter(({ threadStamp, text }) => threadStamp === undefined && isAlert.test(text))
    .map(({ stamp, text }) => ({
      title: text,
      thread: all
        .filter(({ threadStamp }) => threadStamp === stamp)
        .map((reply) => reply.text)
        .join('\n'),
    }));
}

function theAlertIn(channelId: string) {
  const alerts = alertsIn(channelId);
  expect(alerts).toHaveLength(1);
  return alerts[0] ?? { title: '', thread: '' };
}

async function fund(teamId: string, credits: bigint) {
  const wish = {
    teamId,
    amount: credits * CREDIT,
    reason: 'Invoice',
    reference: `fund-${credits}`,
  };
  await topUp(room.stores, SYSTEM, wish);
}

describe('budgets', () => {
  const monthly = (max: bigint, soft?: bigint): BudgetChange => ({
    set: 'budget',
    duration: '1mo',
    model: null,
    maxNanoUsd: max * USD,
    ...(soft === undefined ? {} : { softNanoUsd: soft * USD }),
  });

  async function spent(subject: Subject, usd: bigint) {
    const key = { subject: subjectText(subject), meter: 'budget-1mo' };
    const startsAt = new Date(new Date(room.now()).toISOString().slice(0, 7));
    const spentNanoUsd = usd * USD;
    await room.postgres.budgetSpend.upsert({
      where: { subject_meter_startsAt: { ...key, startsAt } },
      create: { ...key, startsAt, spentNanoUsd },
      update: { spentNanoUsd },
    });
    await look(watchBudgets);
  }

  test('are told at the percents that a team chose and when they are spent, until they are raised', async () => {
    const { id: teamId, channelId } = await room.team();
    const subject = { kind: 'team', teamId } as const;
    await setAlertPolicy(
      room.stores,
      SYSTEM,
      { kind: 'team', teamId },
      { budgetPercents: [50, 90] },
    );
    await changeCeilings(room.stores, SYSTEM, subject, [monthly(100n)]);
    await spent(subject, 49n);
    expect(alertsIn(channelId)).toEqual([]);
    await spent(subject, 50n);
    expect(theAlertIn(channelId).title).toContain('has spent 50 % of a budget');
    await spent(subject, 95n);
    await spent(subject, 100n);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('has spent a whole budget'),
      thread: expect.stringMatching(/90 % of the budget are spent.*\n.*100 % of the budget/),
    });
    await changeCeilings(room.stores, SYSTEM, subject, [monthly(300n)]);
    await look(watchBudgets);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('is within its budget again'),
      thread: expect.stringContaining('✅ It is over'),
    });
  });

  test('of an organization and of a person in it are told in the channel of the organization', async () => {
    const { id: teamId, channelId } = await room.team({ organizationId: 'umbrella' });
    const home = await room.channel('umbrella');
    await updateOrganization(room.stores, SYSTEM, 'umbrella', { channelId: home });
    await addMember(room.stores, SYSTEM, { teamId, userId: 'ann@umbrella.com', createUser: true });
    const whole = { kind: 'organization', organizationId: 'umbrella' } as const;
    const ann = { kind: 'user', organizationId: 'umbrella', userId: 'ann@umbrella.com' } as const;
    for (const subject of [whole, ann]) {
      await changeCeilings(room.stores, SYSTEM, subject, [monthly(10n)]);
      await spent(subject, 8n);
    }
    expect(alertsIn(channelId)).toEqual([]);
    expect(alertsIn(home).map(({ title }) => title)).toEqual([
      'Organization umbrella has spent 80 % of a budget',
      'Organization umbrella has spent 80 % of a budget',
    ]);
    expect(room.said(home).join('')).toContain('of user ann@umbrella.com');
    expect(room.said(home).join('')).toContain('/org budget umbrella user=ann@umbrella.com');
  });

  test('of a key and of a member are told in the channel of their team', async () => {
    const { id: teamId, channelId } = await room.team();
    const [key] = await room.stores.records.keys.ofTeam(teamId);
    await addMember(room.stores, SYSTEM, { teamId, userId: 'bob', createUser: true });
    const subjects = [
      { kind: 'key', keyId: key?.id ?? '' },
      { kind: 'member', teamId, userId: 'bob' },
    ] as const;
    for (const subject of subjects) {
      await changeCeilings(room.stores, SYSTEM, subject, [monthly(10n)]);
      await spent(subject, 10n);
    }
    expect(alertsIn(channelId)).toHaveLength(2);
    expect(room.said(channelId).join('')).toContain(`of key ${key?.name} …${key?.lastFour}`);
    expect(room.said(channelId).join('')).toContain(`of bob in team ${teamId}`);
  });

  test('with a soft amount are told when that is spent, and that it refuses nothing', async () => {
    const { id: teamId, channelId } = await room.team();
    const subject = { kind: 'team', teamId } as const;
    await changeCeilings(room.stores, SYSTEM, subject, [monthly(100n, 30n)]);
    await spent(subject, 31n);
    expect(theAlertIn(channelId).title).toContain('has spent the soft amount of a budget');
    expect(room.said(channelId).at(-1)).toContain('nothing is refused for it');
    await changeCeilings(room.stores, SYSTEM, subject, [monthly(100n, 60n)]);
    await look(watchBudgets);
    expect(theAlertIn(channelId).title).toContain('is within its budget again');
  });
});

describe('credits', () => {
  test('that are gone, the suspension that follows and the top-up that lifts it are one alert', async () => {
    const { id: teamId, channelId } = await room.team();
    await setCreditPolicy(room.stores, SYSTEM, teamId, { autoSuspend: true });
    await spend(room, teamId, 900n);
    await look(watchLowCredit);
    await spend(room, teamId, 100n);
    await look(watchLowCredit);
    await look(async (stores) => (await suspendExhausted(stores)).length);
    await look(watchLowCredit);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('has no credits left: it is suspended'),
      thread: expect.stringMatching(/No credits are left.*\n.*Suspended, because no credits/),
    });
    await setTeamStatus(room.stores, SYSTEM, { teamId, status: 'active' });
    await look(watchLowCredit);
    expect(theAlertIn(channelId).thread).toContain('Resumed, and no credits are left');
    await look(async (stores) => (await suspendExhausted(stores)).length);
    await look(watchLowCredit);
    await fund(teamId, 5_000n);
    await look(watchLowCredit);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('was topped up, now 5,000 credits'),
      thread: expect.stringContaining('✅ Topped up: 5,000 credits'),
    });
    expect(room.said(channelId).join('')).toContain('Resumed: team');
  });

  test('that expire are told three days and a day before, until they have expired', async () => {
    const { id: teamId, channelId } = await room.team();
    const expiresAt = new Date(room.now() + 2 * DAY_MS);
    const wish = { teamId, amount: 12n * CREDIT, reason: 'Trial', reference: 'trial' };
    await grantCredits(room.stores, SYSTEM, { ...wish, terms: { expiresAt } });
    await look(watchEndingGrants);
    expect(theAlertIn(channelId).title).toContain('has credits that expire soon');
    room.setNow(room.now() + DAY_MS + HOUR_MS);
    await look(watchEndingGrants);
    expect(theAlertIn(channelId).thread).toContain('They expire within a day');
    room.setNow(room.now() + DAY_MS);
    await expireGrants(room.stores);
    await look(watchEndingGrants);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('had credits that have expired'),
      thread: expect.stringContaining('They have expired'),
    });
    expect(room.said(channelId).join('')).toContain('12 credits');
  });

  test('that are used before they expire are told to be', async () => {
    const { id: teamId, channelId } = await room.team({ credits: '0' });
    const expiresAt = new Date(room.now() + 2 * DAY_MS);
    const wish = { teamId, amount: 12n * CREDIT, reason: 'Trial', reference: 'trial' };
    await grantCredits(room.stores, SYSTEM, { ...wish, terms: { expiresAt } });
    await look(watchEndingGrants);
    await spend(room, teamId, 12n);
    await look(watchEndingGrants);
    expect(theAlertIn(channelId).title).toContain('has used its credits before they expired');
  });

  test('that a refill should have brought are told, until the most for the month is raised', async () => {
    const { id: teamId, channelId } = await room.team({ credits: '10' });
    const refill = { every: null, below: 100_000n * CREDIT, amount: 500n * CREDIT };
    await setAutoRefill(room.stores, SYSTEM, teamId, { ...refill, monthlyMax: 500n * CREDIT });
    await refillTeams(room.stores);
    await look(watchFailedRefills);
    expect(theAlertIn(channelId).title).toContain('was not refilled');
    await setAutoRefill(room.stores, SYSTEM, teamId, { ...refill, monthlyMax: null });
    await look(watchFailedRefills);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('can be refilled again'),
      thread: expect.stringContaining('✅ It is over'),
    });
  });

  test('that run out within days by every pace are told, until a top-up makes them last', async () => {
    const { id: teamId, channelId } = await room.team();
    for (let call = 0; call < 12; call += 1) {
      await spend(room, teamId, 20n);
    }
    await look(watchRunningOut);
    // One busy hour is no pace to plan by.
    expect(alertsIn(channelId)).toEqual([]);
    room.setNow(room.now() + 3 * HOUR_MS);
    for (let call = 0; call < 12; call += 1) {
      await spend(room, teamId, 20n);
    }
    await look(watchRunningOut);
    expect(theAlertIn(channelId).title).toContain('runs out of credits soon');
    expect(room.said(channelId).at(-1)).toMatch(/by the fastest pace.*by the slowest/);
    await fund(teamId, 1_000_000n);
    await look(watchRunningOut);
    expect(theAlertIn(channelId).title).toContain('no longer runs out of credits within days');
  });
});

test('a key that ends is told a week and a day before, until it is prolonged', async () => {
  const { id: teamId, channelId } = await room.team();
  const [key] = await room.stores.records.keys.ofTeam(teamId);
  const keyId = key?.id ?? '';
  await updateKey(room.stores, SYSTEM, keyId, { expiresAt: new Date(room.now() + 20 * DAY_MS) });
  await look(watchEndingKeys);
  expect(alertsIn(channelId)).toEqual([]);
  room.setNow(room.now() + 15 * DAY_MS);
  await look(watchEndingKeys);
  expect(theAlertIn(channelId).title).toContain('has a key that ends soon');
  room.setNow(room.now() + 4 * DAY_MS + HOUR_MS);
  await look(watchEndingKeys);
  expect(theAlertIn(channelId)).toEqual({
    title: expect.stringContaining('has a key that ends soon'),
    thread: expect.stringContaining('⛔ The key ends within a day'),
  });
  await updateKey(room.stores, SYSTEM, keyId, { expiresAt: new Date(room.now() + 90 * DAY_MS) });
  await look(watchEndingKeys);
  expect(theAlertIn(channelId)).toEqual({
    title: expect.stringContaining('it was prolonged, replaced or has ended'),
    thread: expect.stringContaining('✅ It is over'),
  });
});

test('the operator says how many days before its end a key is told, and a short one is not told at once', async () => {
  const { id: teamId, channelId } = await room.team();
  const settings = { ...room.stores.settings, keyExpiryDays: [30, 14] };
  const watch = async () => watchEndingKeys({ ...room.stores, settings });
  const [key] = await room.stores.records.keys.ofTeam(teamId);
  const id = key?.id ?? '';
  await room.postgres.virtualKey.update({
    where: { id },
    data: { createdAt: new Date(room.now()) },
  });
  await updateKey(room.stores, SYSTEM, id, { expiresAt: new Date(room.now() + 20 * DAY_MS) });
  await look(watch);
  expect(alertsIn(channelId)).toEqual([]);
  room.setNow(room.now() + 7 * DAY_MS);
  await look(watch);
  expect(theAlertIn(channelId).title).toContain('has a key that ends soon');
});

test.each([
  [[1], 5, true],
  [[1], 2, false],
  [[7, 1], 8, false],
])(
  'with warnings %j days before, whether a key made for %d days is told at the first is %j',
  async (days, life, isTold) => {
    const { id: teamId, channelId } = await room.team();
    const settings = { ...room.stores.settings, keyExpiryDays: days };
    const [key] = await room.stores.records.keys.ofTeam(teamId);
    const id = key?.id ?? '';
    await room.postgres.virtualKey.update({
      where: { id },
      data: { createdAt: new Date(room.now()) },
    });
    await updateKey(room.stores, SYSTEM, id, { expiresAt: new Date(room.now() + life * DAY_MS) });
    room.setNow(room.now() + (life - Math.max(...days)) * DAY_MS + HOUR_MS);
    await look(async () => watchEndingKeys({ ...room.stores, settings }));
    expect(alertsIn(channelId)).toHaveLength(isTold ? 1 : 0);
  },
);

describe('use', () => {
  /** Hours of ordinary use, and calls a minute ago. */
  async function used(teamId: string, calls: number, failed: number) {
    const [key] = await room.stores.records.keys.ofTeam(teamId);
    const now = new Date(room.now());
    await room.postgres.$executeRaw`
      INSERT INTO usage_by_team (team_id, grain, starts, model, job_type, tags, calls, failed_calls, jobs,
        failed_jobs, input_tokens, output_tokens, cost_nano_usd, charge)
      SELECT ${teamId}, 'hour', date_trunc('hour', ${now}::timestamptz) - make_interval(hours => n), 'gpt-4o',
        'chat', '[]', 10, 1, 10, 0, 1, 1, 1, 1000000 FROM generate_series(0, 99) AS n`;
    await room.postgres.$executeRaw`
      INSERT INTO usage_events (id, team_id, organization_id, key_id, model, deployment, job_type, outcome,
        input_tokens, output_tokens, cost_nano_usd, charge, started_at, ended_at)
      SELECT ${teamId} || '-' || n, ${teamId}, 'acme', ${key?.id}, 'gpt-4o', 'a', 'chat',
        CASE WHEN n <= ${failed} THEN 'failed' ELSE 'completed' END, 1, 1, 1, 1000000,
        ${now}::timestamptz - interval '1 minute', ${now} FROM generate_series(1, ${calls}) AS n`;
  }

  test('of which many calls fail is told, and over when they do no more', async () => {
    const { id, channelId } = await room.team();
    await used(id, 40, 20);
    await look(watchErrors);
    expect(theAlertIn(channelId).title).toContain('has many failing calls');
    expect(room.said(channelId).at(-1)).toContain('*20 of 40* calls failed within 15 minutes');
    room.setNow(room.now() + 20 * MINUTE_MS);
    await look(watchErrors);
    expect(theAlertIn(channelId)).toEqual({
      title: expect.stringContaining('has no more failing calls than usual'),
      thread: expect.stringContaining('✅ It is over'),
    });
  });

  test('far beyond the past of a team is told, and over when an hour is as usual', async () => {
    const { id, channelId } = await room.team();
    await used(id, 40, 0);
    await look(watchUnusualUsage);
    expect(theAlertIn(channelId).title).toContain('uses 40 times its usual');
    const said = JSON.stringify(room.workspace.control.messages({ channel: channelId }));
    expect(said).toMatch(/\*Balance\*\\n[\d,]+ credits.*\*Runs out\*/);
    room.setNow(room.now() + 2 * HOUR_MS);
    await look(watchUnusualUsage);
    expect(theAlertIn(channelId).title).toContain('uses what it usually does again');
  });
});
