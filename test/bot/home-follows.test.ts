// A home tab that stands open follows what others do, each with what its person may see.

import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DRAWN_PER_MINUTE, forgetHomes, redrawHomes } from '../../src/bot/redraw-homes.ts';
import { openHome } from '../../src/bot/home.ts';
import { readProposal } from '../../src/bot/approvals/reading.ts';
import { createRoles } from '../../src/bot/roles.ts';
import { approve } from '../../src/core/approvals/decide.ts';
import type { Proposal } from '../../src/core/approvals/proposal.ts';
import { lapseProposals } from '../../src/core/approvals/lapse.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { APPROVER, MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

const OWNER = 'U0OWNER';
const API = { id: 'api:admin', door: 'api' } as const;
const CREDIT = 1_000_000n;

let subject: BotUnderTest;
let parts: Parameters<typeof redrawHomes>[0];
let nowMs = Date.now();
let published: string[] = [];
const { type, told } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [OWNER] } });
  const { workspace, stores } = subject;
  Object.assign(stores, { clock: () => nowMs });
  const slackApiUrl = `${workspace.url}/api/`;
  const client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
  const { publish } = client.views;
  client.views.publish = async (given) => {
    published.push(given?.user_id ?? '');
    return publish(given);
  };
  const log = pino({ level: 'silent' });
  const roles = createRoles({ ...ROLES, owners: [OWNER] }, client, stores.clock, log);
  parts = { stores, client, roles, log };
  await givenTeam(subject, 'acme-prod');
  for (const user of [OWNER, MANAGER, APPROVER, VIEWER]) {
    await subject.control.openHome({ user });
    await subject.idle();
  }
});
beforeEach(() => {
  nowMs += 11_000;
});
afterAll(async () => subject.close());

/** Draws until nothing is due any more; answers for whom Slack was asked. */
async function followed(by = parts): Promise<string[]> {
  published = [];
  while (await redrawHomes(by)) {
    // There may be more.
  }
  return published.toSorted();
}

const shown = (user: string): string => textOf(subject.control.home({ user }) ?? { blocks: [] });

test('a top-up by somebody else stands there for owner, manager, approver and viewer, as each may see it', async () => {
  const wish = { teamId: 'acme-prod', amount: 500n * CREDIT, reason: 'Invoice 9', reference: 'r9' };
  await topUp(subject.stores, API, wish);
  await followed();
  for (const user of [OWNER, MANAGER, APPROVER, VIEWER]) {
    expect(shown(user)).toContain('1,500 credits');
  }
  for (const user of [OWNER, MANAGER, APPROVER]) {
    expect(shown(user)).toContain('Invoice 9');
  }
  expect(shown(VIEWER)).not.toContain('Invoice 9');
  expect(shown(OWNER)).toContain('Settings');
  expect(shown(OWNER)).toContain('Onboard a customer');
  expect(shown(MANAGER)).toContain('Onboard a customer');
  expect(shown(MANAGER)).not.toContain('Settings');
  expect(shown(APPROVER)).toContain('Audit trail');
  expect(shown(APPROVER)).not.toContain('Onboard');
});

test('what waits comes and goes as it is decided at the API, on a card and by its time', async () => {
  const { stores, control } = subject;
  const waits = 'Waiting for your decision';
  const ask = async (credits: string) => {
    await type(`/team topup acme-prod ${credits} reason="Invoice ${credits}"`);
    await told(`Top up acme-prod: ${credits}`);
    nowMs += 11_000;
    await followed();
    expect(shown(APPROVER)).toContain(waits);
    expect(shown(VIEWER)).not.toContain(waits);
    const [proposal] = await stores.records.approvals.list({ statuses: ['pending'], limit: 1 });
    nowMs += 11_000;
    return proposal?.id ?? '';
  };
  const gone = async () => {
    nowMs += 11_000;
    await followed();
    expect(shown(APPROVER)).not.toContain(waits);
  };
  const byApi = await ask('20,000');
  const asked = await stores.records.approvals.find(byApi);
  const { stateName } = await readProposal(stores, asked as Proposal);
  expect(isRefusal(await approve(stores, API, { proposalId: byApi, seen: stateName }))).toBe(false);
  await gone();
  const byCard = await ask('21,000');
  const card = await control.waitForMessage(
    (message) => message.ephemeralFor === undefined && textOf(message).includes('21,000'),
  );
  await people(() => subject).press(card, 'Approve', APPROVER);
  await subject.idle();
  expect((await stores.records.approvals.find(byCard))?.status).toBe('applied');
  await gone();
  await ask('22,000');
  nowMs += 73 * 3_600_000;
  for (const user of [APPROVER, VIEWER]) {
    await control.openHome({ user });
    await subject.idle();
  }
  await lapseProposals(stores);
  await gone();
});

test('what looks the same is not sent again, and what happens within seconds is drawn together', async () => {
  const { stores } = subject;
  await givenTeam(subject, 'zz-calm');
  await followed();
  const record = { actor: API, action: 'settings.looked_at', target: 'settings' };
  const wish = { teamId: 'acme-prod', amount: CREDIT, reason: 'May' };
  await topUp(stores, API, { ...wish, reference: 'calm-1' });
  expect(await followed()).toEqual([]);
  await topUp(stores, API, { ...wish, reference: 'calm-2' });
  nowMs += 11_000;
  expect(await followed()).toEqual([APPROVER, VIEWER]);
  nowMs += 11_000;
  expect(await followed()).toEqual([]);
  await stores.records.audit.write(record);
  nowMs += 11_000;
  // A viewer sees nothing of who changed what.
  expect(await followed()).toEqual([APPROVER]);
});

test('what cannot be read now leaves the tab as it stands, and is drawn as soon as it can be', async () => {
  const { stores } = subject;
  const wish = { teamId: 'acme-prod', amount: 77n * CREDIT, reason: 'Invoice 77' };
  await topUp(stores, API, { ...wish, reference: 'broken-1' });
  const totals = {
    ...stores.records.totals,
    neediest: async () => Promise.reject(new Error('a bad row')),
  };
  const broken = { ...parts, stores: { ...stores, records: { ...stores.records, totals } } };
  await expect(followed(broken)).rejects.toThrow('a bad row');
  expect(published).toEqual([]);
  nowMs += 11_000;
  expect(await followed()).toEqual([APPROVER, VIEWER]);
  expect(shown(APPROVER)).toContain('Invoice 77');
  await openHome(broken, APPROVER);
  expect(shown(APPROVER)).toContain('Something went wrong');
  nowMs += 11_000;
  expect(await followed()).toEqual([APPROVER]);
  expect(shown(APPROVER)).toContain('Invoice 77');
});

test('Slack is asked no more than it takes in a minute, whoever asks', async () => {
  const { homeTabs, audit } = subject.stores.records;
  const at = new Date(nowMs - 20_000);
  for (let number = 0; number < DRAWN_PER_MINUTE + 20; number += 1) {
    await homeTabs.opened({ userId: `U0CROWD${number}`, drawing: '', shows: 0n }, at);
  }
  nowMs += 60_000;
  const { position: upTo } = await audit.head();
  const ago = (ms: number) => new Date(nowMs - ms);
  const due = {
    upTo,
    at: new Date(nowMs),
    openedSince: ago(3_600_000),
    restedSince: ago(10_000),
    limit: DRAWN_PER_MINUTE,
    countedSince: ago(60_000),
    batch: 7,
  };
  const taken: string[] = [];
  for (let round = 0; round < 15; round += 1) {
    taken.push(...(await homeTabs.take(due)).map(({ userId }) => userId));
  }
  expect(taken).toHaveLength(DRAWN_PER_MINUTE);
  expect(new Set(taken).size).toBe(DRAWN_PER_MINUTE);
});

test('who left, and who looked a working day ago, is not drawn for any more', async () => {
  const { records } = subject.stores;
  nowMs += 9 * 3_600_000;
  await forgetHomes(parts);
  await records.homeTabs.opened(
    { userId: 'U0NOBODY', drawing: '', shows: 0n },
    new Date(nowMs - 20_000),
  );
  expect(await subject.postgres.homeTab.count()).toBe(1);
  const end = subject.control.outage({ status: 503, methods: ['views.publish'] });
  await expect(followed()).rejects.toThrow();
  expect(await subject.postgres.homeTab.count()).toBe(1);
  end();
  nowMs += 11_000;
  await followed();
  expect(await subject.postgres.homeTab.count()).toBe(0);
});

test('whom Slack takes no drawing for while it is in trouble is not forgotten', async () => {
  const { homeTabs } = subject.stores.records;
  await homeTabs.opened({ userId: OWNER, drawing: '', shows: 0n }, new Date(nowMs - 20_000));
  const views = {
    publish: async () => {
      throw new WebAPIPlatformError({ ok: false, error: 'internal_error' });
    },
  };
  const client = Object.assign(Object.create(parts.client), { views });
  await expect(followed({ ...parts, client })).rejects.toThrow('internal_error');
  expect(await subject.postgres.homeTab.count()).toBe(1);
});
