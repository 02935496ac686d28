// A day after a customer came on board, whoever brought them hears whether the first call came.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { onboardCustomer } from '../../src/core/onboarding/onboard.ts';
import { setOrganizationStatus } from '../../src/core/organizations/set-status.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/time.ts';
import { mailTo } from '../support/mail.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const MANAGER = 'U0MANAGER';
const MAYA = { id: `slack:${MANAGER}`, door: 'slack' } as const;

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

async function onboarded(organizationId: string, name: string) {
  const wish = {
    organizationId,
    name,
    accessGroups: ['gpt-models'],
    channelId: undefined,
    askedIn: undefined,
    remind: MANAGER,
    production: { id: `${organizationId}-prod`, credits: 1_000n * CREDIT },
    development: undefined,
  };
  await onboardCustomer(room.stores, MAYA, wish, `test:${organizationId}`);
}

test('the first call came, or did not, or the customer is gone: that is told after a day and once', async () => {
  await onboarded('calling', 'Calling Ltd');
  await onboarded('quiet', 'Quiet Ltd');
  await onboarded('gone', 'Gone Ltd');
  await spend(room, 'calling-prod', 5n);
  const archived = { organizationId: 'gone', status: 'archived' } as const;
  await setOrganizationStatus(room.stores, MAYA, archived);
  const told = async () =>
    room.said(await room.conversationWith(MANAGER)).filter((text) => / Ltd/.test(text));
  const begunMs = room.now();
  room.setNow(begunMs + DAY_MS - MINUTE_MS);
  await room.sayAll();
  expect(await told()).toEqual([]);

  room.setNow(begunMs + DAY_MS);
  const workers = [1, 2].map(() => mailTo(room.workspace, room.stores));
  await Promise.all(workers.map(async (worker) => room.sayAll(worker)));
  await room.pass(5);
  const [calling = '', quiet = '', ...more] = (await told()).toSorted();
  expect(more).toEqual([]);
  expect(calling).toContain('Calling Ltd is calling');
  expect(calling).toContain('1 call, 1 credit;');
  expect(calling).toContain('/team usage calling-prod');
  expect(quiet).toContain('Quiet Ltd: no call yet');
  expect(quiet).toContain('/team key list quiet-prod');
});
