// A budget that is new to its subject begins with what was spent before it in its period.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import type { Subject } from '../../src/core/ceilings/subject.ts';
import { updateOrganization } from '../../src/core/organizations/update-organization.ts';
import { bringSpend } from '../../src/core/usage/brought-spend.ts';
import {
  budgetFor,
  callExactly,
  COST_NANO_USD,
  FIELD_SUBJECTS,
  setCeilings,
  startField,
  teamOfField,
} from '../support/field-scene.ts';
import type { Field } from '../support/field-scene.ts';
import type { TimedQuartermaster } from '../support/timed-quartermaster.ts';

let field: Field;
let qm: TimedQuartermaster;
beforeAll(async () => {
  field = await startField();
  ({ qm } = field);
});
afterAll(async () => field[Symbol.asyncDispose]());

/** A person's key that was called twice, all of it drained. */
async function scene() {
  const { secretKey, ...team } = await teamOfField(qm);
  const call = async () => (await callExactly(qm, secretKey)).status;
  expect([await call(), await call()]).toEqual([200, 200]);
  await qm.drain();
  const used = async (subject: Subject) =>
    (await qm.gate.meters(subject, team.organizationId)).map((meter) => meter.used / COST_NANO_USD);
  return { ...team, call, used };
}

test.each(FIELD_SUBJECTS)('of a %s: for ever, by the month and of one model', async (_, of) => {
  const one = await scene();
  const subject = of(one);
  const ofModel = (model: string) => ({ ...budgetFor(10, '7d'), model });
  await setCeilings(
    qm,
    subject,
    budgetFor(3, null),
    budgetFor(10, '30d'),
    ofModel('held'),
    ofModel('gpt-4o'),
  );
  expect(await one.used(subject)).toEqual([2, 2, 2, 0]);
  expect([await one.call(), await one.call()]).toEqual([200, 429]);
});

test('of hours: nothing, because its first period begins when it is set', async () => {
  const one = await scene();
  const subject = { kind: 'team', teamId: one.teamId } as const;
  await setCeilings(qm, subject, budgetFor(2, '12h'));
  expect(await one.used(subject)).toEqual([0]);
});

test('what lies before its period does not count', async () => {
  const one = await scene();
  const subject = { kind: 'team', teamId: one.teamId } as const;
  await qm.passSeconds(32 * 86_400);
  await setCeilings(qm, subject, budgetFor(2, '30d'), budgetFor(9, null));
  expect(await one.used(subject)).toEqual([0, 2]);
});

test('a budget that was away for a while counts what was spent meanwhile, and nothing twice', async () => {
  const one = await scene();
  const subject = { kind: 'key', keyId: one.keyId } as const;
  await setCeilings(qm, subject, budgetFor(10, '30d'));
  expect(await one.call()).toBe(200);
  await changeCeilings(qm.stores, SYSTEM, subject, [
    { remove: 'budget', duration: '1mo', model: null },
  ]);
  expect(await one.call()).toBe(200);
  await qm.drain();
  await setCeilings(qm, subject, budgetFor(10, '30d'));
  expect(await one.used(subject)).toEqual([4]);
  expect(await one.call()).toBe(200);
  await qm.drain();
  expect(await one.used(subject)).toEqual([5]);
});

test('one that never starts over counts what was brought from elsewhere, too', async () => {
  const one = await scene();
  const subject = { kind: 'team', teamId: one.teamId } as const;
  await bringSpend(qm.stores, SYSTEM, subject, BigInt(5 * COST_NANO_USD));
  await setCeilings(qm, subject, budgetFor(10, null));
  expect(await one.used(subject)).toEqual([7]);
});

test.each(['Asia/Tokyo', 'America/Los_Angeles'])(
  'a new time zone, %s, begins no period of the calendar anew',
  async (timeZone) => {
    const one = await scene();
    const subject = { kind: 'member', teamId: one.teamId, userId: one.userId } as const;
    const ofModel = { ...budgetFor(5, '7d'), model: 'held' };
    await setCeilings(qm, subject, budgetFor(3, '30d'), budgetFor(4, '1d'), ofModel);
    expect(await one.used(subject)).toEqual([2, 2, 2]);
    await updateOrganization(qm.stores, SYSTEM, one.organizationId, { timeZone });
    expect(await one.used(subject)).toEqual([2, 2, 2]);
    expect([await one.call(), await one.call()]).toEqual([200, 429]);
    await qm.drain();
    await updateOrganization(qm.stores, SYSTEM, one.organizationId, { timeZone: 'UTC' });
    expect(await one.used(subject)).toEqual([3, 3, 3]);
  },
);
