// What the alerts of an organization are like holds for itself, and for its teams in what they did not choose.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, news, form } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-own');
});
afterAll(async () => subject.close());

const policies = () => subject.stores.records.alerts;

describe('by words', () => {
  test('is chosen for all teams that did not choose, and for nobody else', async () => {
    await type('/team alerts acme-own thresholds=10');
    await told('Alerts of acme-own');
    await type('/org alerts acme thresholds=60,30 owner=@maya off=error_spike');
    const card = textOf(await told('Alerts of acme'));
    expect(card).toContain('60 %, 30 % and 0');
    expect(card).toContain('holds for its teams, too');
    await news('Alerts of organization *acme* changed by <@U0MANAGER>');
    expect(await policies().policy('acme-prod')).toMatchObject({
      creditPercents: [60, 30],
      owner: MANAGER,
      off: ['error_spike'],
    });
    expect(await policies().policy('acme-own')).toMatchObject({
      creditPercents: [10],
      owner: MANAGER,
    });
  });

  test('decides which team is told of', async () => {
    await spend(subject, 'acme-prod', 500n);
    await spend(subject, 'acme-own', 500n);
    await watchLowCredit(subject.stores);
    expect(textOf(await news('acme-prod is low on credits'))).toContain('acme-prod');
    expect(await policies().openOf('acme-own')).toEqual([]);
    await type('/org alerts acme', VIEWER);
    expect(textOf(await told('Alerts of acme', VIEWER))).toContain('Low credit of `acme-prod`');
  });

  test.each([
    ['/org alerts acme thresholds=half', 'write whole percents'],
    ['/org alerts acme quiet=25:00-7', 'write two times'],
    ['/org alerts acme warnings=nowhere', 'no channel that Slack knows'],
  ])('%s is asked for again in the form, and changes nothing', async (command, said) => {
    const before = await policies().organizationPolicy('acme');
    await type(command);
    expect(textOf(await form('arguments'))).toContain(said);
    await subject.control.closeView({ user: MANAGER, all: true });
    expect(await policies().organizationPolicy('acme')).toEqual(before);
  });

  test('is no business of who may only look', async () => {
    await type('/org alerts acme thresholds=50', VIEWER);
    await told('This needs the role *manager*', VIEWER);
    await type('/org alerts amce');
    await told('Did you mean `acme`?');
    expect((await policies().organizationPolicy('acme')).creditPercents).toEqual([60, 30]);
  });
});

test('by a form with every choice, which is filled in with what holds', async () => {
  await type('/org alerts acme change');
  const view = await form('alerts');
  for (const part of ['60, 30', 'U0MANAGER', 'Budgets that start over']) {
    expect(textOf(view)).toContain(part);
  }
  const wrong = await subject.control.submitView({ user: MANAGER, values: { thresholds: '200' } });
  expect(wrong.errors?.['thresholds']).toContain('whole percents from 1 to 99');
  await subject.control.submitView({
    user: MANAGER,
    values: { thresholds: '40', periods: 'on', critical: 'C0OPS' },
  });
  await told('Ended budgets*\\ntold in its channel');
  expect(await policies().policy('acme-prod')).toMatchObject({
    creditPercents: [40],
    budgetPeriods: true,
    routes: { critical: 'C0OPS' },
  });
});
