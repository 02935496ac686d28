// Who leaves, becomes a guest or comes from elsewhere has no role any more, at once; and what the trail keeps.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
});
afterEach(async () => {
  const change = { deactivated: false, guest: undefined, teamId: undefined };
  await subject.control.changePerson({ user: MANAGER, change: change as object });
  await subject.control.changeGroup({ group: 'S0MANAGERS', members: [MANAGER] });
});
afterAll(async () => subject.close());

const spent = async () => (await subject.stores.records.ledger.account('acme-prod'))?.balance;

test.each([
  ['was deactivated', 3, { deactivated: true }, 'This account is deactivated'],
  ['became a guest', 4, { guest: 'multi' as const }, 'Guests of this workspace'],
  ['belongs to another workspace', 5, { teamId: 'T0OTHER' }, 'Only members of this workspace'],
])('who %s can do nothing from the next request on', async (_, credits, change, said) => {
  const before = await spent();
  await type(`/team topup acme-prod ${credits} reason="Before"`);
  await told(`Added ${credits} credits to`);
  await subject.control.changePerson({ user: MANAGER, change });
  await type('/team topup acme-prod 7 reason="After"');
  await told(said);
  expect(await spent()).toBe((before ?? 0n) + BigInt(credits) * 1_000_000n);
});

test('who leaves a user group loses its role at once', async () => {
  await type('/team show acme-prod');
  await subject.control.changeGroup({ group: 'S0MANAGERS', members: [] });
  const before = await spent();
  await type('/team topup acme-prod 7 reason="After"');
  await told('This needs the role *manager*; you have no role');
  expect(await spent()).toBe(before);
});

test('the audit trail is searched, sent as a file, and verified', async () => {
  const approver = 'U0APPROVER';
  await type('/team topup acme-prod 9 reason="=HYPERLINK(1)"');
  await told('Added 9 credits');
  await type('/audit search acme-prod action=credits.', approver);
  const list = await told('Audit trail', approver);
  expect(textOf(list)).toContain('credits.added');
  expect(textOf(list)).toContain('HYPERLINK');
  await type('/audit export acme-prod from=1d', approver);
  await told('entries as a file', approver);
  const [file] = subject.control
    .messages({ channel: approver })
    .flatMap((message) => message.files ?? []);
  expect(file?.name).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/);
  await type('/audit verify', approver);
  expect(textOf(await told('The audit trail holds', approver))).toContain('entries');
  await type('/audit search', MANAGER);
  await told('Audit trail', MANAGER);
  await type('/audit search', 'U0VIEWER');
  await told('This needs the role *approver*', 'U0VIEWER');
});
