import type { AlertKind, Finding } from '../../../src/core/alerts/episode.ts';
import { watchLowCredit } from '../../../src/core/alerts/low-credit.ts';
import { settle } from '../../../src/core/alerts/settle.ts';
import { topUp } from '../../../src/core/credits/top-up.ts';
import { DAY_MS } from '../../../src/core/time.ts';
import { MANAGER } from '../../bot/bot-for-tests.ts';
import { givenTeam } from '../../bot/person.ts';
import { spend } from '../../bot/usage.ts';
import { answer, form } from '../picture.ts';
import type { Picture, Section } from '../picture.ts';

const CREDIT = 1_000_000n;
const USD = 1_000_000_000n;

export const ALERTS: Section = [
  'Alerts',
  [
    {
      name: 'alert',
      says: 'Low credit: one message from its beginning to its end',
      shows: ['post alert', 'alert low_credit'],
      async take({ desk, subject, message }, name) {
        await givenTeam(subject, 'acme-low');
        await spend(subject, 'acme-low', 850n);
        await watchLowCredit(subject.stores);
        await message(name, await desk.news('acme-low is low on credits'));
      },
    },
    {
      name: 'alert-taken',
      says: 'Somebody sees to it, and has it silent meanwhile: its thread tells who and when',
      shows: ['post alert.step'],
      async take({ desk, messages }, name) {
        const alert = await desk.news('acme-low is low on credits');
        await desk.press(alert, "I'm on it");
        const seen = await desk.news('sees to it, ');
        await desk.choose(await desk.news('sees to it since'), '4 hours');
        await messages(name, [alert, seen, await desk.news('asked for silence until')]);
      },
    },
    {
      name: 'alert-gone',
      says: 'No credits are left',
      shows: ['alert low_credit'],
      async take({ desk, subject, message }, name) {
        await givenTeam(subject, 'acme-batch', { credits: '100' });
        await spend(subject, 'acme-batch', 100n);
        await watchLowCredit(subject.stores);
        await message(name, await desk.news('acme-batch has no credits left'));
      },
    },
    {
      name: 'alert-over',
      says: 'It ends with a top-up',
      shows: ['alert low_credit', 'post alert.step', 'post change.news'],
      async take({ desk, subject, messages }, name) {
        const { stores } = subject;
        const actor = { id: `slack:${MANAGER}`, door: 'slack' } as const;
        const root = await desk.news('acme-batch has no credits left');
        const wish = { teamId: 'acme-batch', amount: 900n * CREDIT, reason: 'Invoice 2026-124' };
        await topUp(stores, actor, { ...wish, reference: 'batch' });
        await watchLowCredit(stores);
        const last = await desk.news('Topped up: ');
        await messages(name, [root, last, await desk.news('Team *acme-batch* topped up')]);
      },
    },
    found('alert-running-out', 'Credits that end within days', 'running_out', (nowMs) => ({
      balanceMicrocredits: String(2_900n * CREDIT),
      earliest: new Date(nowMs + 1.2 * DAY_MS).toISOString(),
      latest: new Date(nowMs + 2.6 * DAY_MS).toISOString(),
    })),
    found(
      'alert-budget',
      'A budget, before it is spent',
      'budget',
      () => ({
        whose: 'team acme-web',
        meter: 'budget-1mo',
        spentNanoUsd: String(421n * USD),
        maxNanoUsd: String(500n * USD),
        effect: 'refused',
      }),
      { stage: 80, subject: 'team:acme-web budget-1mo 0' },
    ),
    found('alert-unusual', 'Use beyond the usual', 'unusual_usage', () => ({
      latestMicrocredits: String(412n * CREDIT),
      usualMicrocredits: String(31n * CREDIT),
      calls: '4120',
      times: 13,
      fromHours: 98,
    })),
    found('alert-errors', 'Calls that fail', 'error_spike', () => ({ calls: '64', failed: '29' }), {
      stage: 25,
    }),
    found(
      'alert-key',
      'A key that ends',
      'key_expiring',
      (nowMs) => ({
        name: 'CI server',
        lastFour: '9f3c',
        expiresAt: new Date(nowMs + 6 * DAY_MS).toISOString(),
      }),
      { stage: 7, subject: 'a key' },
    ),
    found(
      'alert-grant',
      'Credits that expire',
      'grant_expiring',
      (nowMs) => ({
        remainingMicrocredits: String(250n * CREDIT),
        expiresAt: new Date(nowMs + 2.5 * DAY_MS).toISOString(),
      }),
      { stage: 3, subject: 'a grant' },
    ),
    found(
      'alert-refill',
      'A refill that could not be',
      'refill_failed',
      () => ({
        balanceMicrocredits: String(40n * CREDIT),
        belowMicrocredits: String(100n * CREDIT),
        amountMicrocredits: String(500n * CREDIT),
        monthlyMaxMicrocredits: String(1_500n * CREDIT),
      }),
      { severity: 'critical' },
    ),
    answer('alert-settings', 'What is told of a team', '/team alerts acme-prod', 'Alerts of'),
    form('alerts-form', 'And the form for it', '/team alerts acme-prod change', {
      callbackId: 'alerts',
    }),
    answer(
      'org-alerts',
      'What is told of a customer, and of its teams',
      '/org alerts acme',
      'Alerts of acme',
    ),
    form('org-alerts-form', 'And the form for that', '/org alerts acme change', {
      callbackId: 'alerts',
    }),
  ],
];

/** The alert of what a watcher would find. */
function found(
  name: string,
  says: string,
  kind: AlertKind,
  factsAt: (nowMs: number) => Finding['facts'],
  rest: Partial<Finding> = {},
): Picture {
  return {
    name,
    says,
    shows: [`alert ${kind}`],
    async take({ desk, subject, message }) {
      const { stores } = subject;
      desk.begin();
      await settle(
        stores,
        kind,
        {
          teamId: 'acme-web',
          subject: '',
          stage: 0,
          severity: 'warning',
          facts: factsAt(stores.clock()),
          ...rest,
        },
        undefined,
      );
      await message(name, await desk.news('acme-web '));
    },
  };
}
