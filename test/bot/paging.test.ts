// Lists have no end, and turn in place: nothing is shown twice or left out while rows are added.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topUp } from '../../src/core/credits/top-up.ts';
import { APPROVER, MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { buttonOf, givenTeam, people } from './person.ts';

const ADMIN = { id: 'api:admin', door: 'api' } as const;

let subject: BotUnderTest;
const { type, told, press, form } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
  await add(0, 60);
});
afterAll(async () => subject.close());

/** Top-ups that are told apart by their reasons. */
async function add(from: number, count: number) {
  for (let at = from; at < from + count; at += 1) {
    await topUp(subject.stores, ADMIN, {
      teamId: 'acme-prod',
      amount: 1_000_000n,
      reason: `entry-${at}.`,
      reference: `paging:${at}`,
    });
  }
}

/** Which entries a message shows, in its order. */
function entriesIn(message: { blocks: unknown }): number[] {
  return [...textOf(message).matchAll(/entry-(\d+)\./g)].map(([, at]) => Number(at));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: from - to + 1 }, (_, at) => from - at);
}

const labelsOf = (message: { blocks: unknown }) =>
  ['Newest', 'Newer', 'Older'].filter((label) => {
    try {
      return buttonOf(message, label).actionId !== '';
    } catch {
      return false;
    }
  });

describe('the ledger of a team', () => {
  test('is read to its beginning and back, while entries are added', async () => {
    await type('/team credits history acme-prod', VIEWER);
    const first = await told('entry-59.', VIEWER);
    expect(entriesIn(first)).toEqual(range(59, 35));
    expect(labelsOf(first)).toEqual(['Older']);
    await add(60, 5);
    await press(first, 'Older', VIEWER);
    const second = await told('entry-34.', VIEWER);
    expect(second.stamp).toBe(first.stamp);
    expect(entriesIn(second)).toEqual(range(34, 10));
    await press(second, 'Older', VIEWER);
    const third = await told('entry-9.', VIEWER);
    expect(entriesIn(third)).toEqual(range(9, 0));
    expect(labelsOf(third)).toEqual(['Newest', 'Newer']);
    await press(third, 'Newer', VIEWER);
    const again = await told('entry-34.', VIEWER);
    expect(entriesIn(again)).toEqual(range(34, 10));
    await press(again, 'Newer', VIEWER);
    expect(entriesIn(await told('entry-64.', VIEWER))).toEqual(range(64, 40));
  });

  test('is turned by who may look at it, and nobody else', async () => {
    await type('/team credits history acme-prod', VIEWER);
    const shown = await told('entry-64.', VIEWER);
    await subject.control.changePerson({ user: VIEWER, change: { deactivated: true } });
    await press(shown, 'Older', VIEWER);
    const said = await told('This account is deactivated', VIEWER);
    expect(entriesIn(said)).toEqual([]);
    await subject.control.changePerson({ user: VIEWER, change: { deactivated: false } });
  });

  test('turns also where it was asked for in a form', async () => {
    await type('/team credits history');
    await form('arguments');
    await subject.control.submitView({ user: MANAGER, values: { team: 'acme-prod' } });
    await press(await told('entry-64.'), 'Older');
    expect(entriesIn(await told('entry-39.'))).toEqual(range(39, 15));
  });
});

test('the audit trail turns with the words that it was searched by', async () => {
  await type('/audit search acme-prod action=credits.added actor=api:admin', APPROVER);
  const first = await told('entry-64.', APPROVER);
  expect(entriesIn(first)).toEqual(range(64, 50));
  await add(65, 3);
  await press(first, 'Older', APPROVER);
  expect(entriesIn(await told('entry-49.', APPROVER))).toEqual(range(49, 35));
});

test('proposals turn in the order of their making', async () => {
  for (let at = 0; at < 17; at += 1) {
    await type(`/team topup acme-prod 25k reason="Invoice ${100 + at}"`);
    await told('This needs a second pair of eyes');
    await subject.idle();
  }
  await type('/approvals all', APPROVER);
  const first = await told('What waits for a decision', APPROVER);
  expect(labelsOf(first)).toEqual(['Older']);
  await press(first, 'Older', APPROVER);
  const second = await subject.control.waitForMessage(
    (each) => each.stamp === first.stamp && textOf(each).includes('"text":"Newer"'),
  );
  expect(textOf(second).match(/"text":"Open"/g)).toHaveLength(2);
});

test('keys and people turn as far as there are any', async () => {
  const { keys, users } = subject.stores.records;
  const [key] = await keys.ofTeam('acme-prod');
  for (let at = 10; at < 35; at += 1) {
    await type(`/team key new acme-prod name=key-${at}`);
    await told(`key-${at}`);
    const person = { id: `p${at}@acme.com`, name: '', email: null, metadata: {} };
    const ceilings = { limits: [], budgets: [] };
    await users.insert({ ...person, organizationId: 'acme', ceilings });
  }
  await type('/team key list acme-prod', VIEWER);
  await press(await told(`sk-…${key?.lastFour}`, VIEWER), 'Next', VIEWER);
  const rest = textOf(await told('key-34', VIEWER));
  expect(rest).not.toContain('key-10');
  await type('/org members acme', VIEWER);
  await press(await told('p10@acme.com', VIEWER), 'Next', VIEWER);
  expect(textOf(await told('p34@acme.com', VIEWER))).not.toContain('p10@acme.com');
});
