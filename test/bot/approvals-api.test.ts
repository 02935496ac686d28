// What waits for a second person, decided at the management door while the cards stand in Slack.

import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announceProposal } from '../../src/bot/approvals/announce.ts';
import { createRoles } from '../../src/bot/roles.ts';
import { actOrPropose } from '../../src/core/approvals/propose.ts';
import { relayOutbox } from '../../src/storage/outbox.ts';
import { openManagement } from '../api/management.ts';
import type { Management } from '../api/management.ts';
import { APPROVER, MANAGER, ROLES, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, buttonOf, givenTeam, people } from './person.ts';

const CREDIT = 1_000_000n;
const OPS = '#quartermaster-ops';

let subject: BotUnderTest;
let door: Management;
const { type, told, press, waitFor } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({ approvals: { perPersonPerDay: null } });
  door = await openManagement(subject.stores);
});
afterAll(async () => {
  await door.close();
  await subject.close();
});

/** A manager asks for 25,000 credits in Slack; answers its id. */
async function asked(teamId: string): Promise<string> {
  await givenTeam(subject, teamId);
  await type(`/team topup ${teamId} 25k reason="Invoice 17"`);
  await told(`Top up ${teamId}: 25,000 credits`);
  await cardOf(teamId, 'Approval needed');
  const { json } = await door.ask('GET', `/api/approvals?team_id=${teamId}`);
  return json.approvals[0].id;
}
const cards = (teamId: string) =>
  subject.control
    .messages({ channel: OPS })
    .filter((m) => m.ephemeralFor === undefined && textOf(m).includes(`Top up ${teamId}:`));
async function cardOf(teamId: string, part: string) {
  return waitFor(() => cards(teamId).find((card) => textOf(card).includes(part)), {
    what: `a card of ${teamId} with “${part}”`,
  });
}
/** What the worker does about events. */
async function carryEvents(): Promise<void> {
  const { stores, workspace, postgres } = subject;
  const client = new WebClient(workspace.botToken, { slackApiUrl: `${workspace.url}/api/` });
  const given = stores.records.roles.list;
  const roles = createRoles(ROLES, client, stores.clock, pino({ level: 'silent' }), given);
  await relayOutbox(postgres, async (event) => {
    await (event.kind === 'proposal.changed'
      ? announceProposal({ stores, roles }, event.proposalId)
      : undefined);
  });
}
const decide = async (id: string, what: string, body: object, headers = {}) =>
  door.ask('POST', `/api/approvals/${id}/${what}`, body, headers);
const stateOf = async (id: string): Promise<string> =>
  (await door.ask('GET', `/api/approvals/${id}`)).json.state;

test('an approval there takes effect once, and each card in Slack says so', async () => {
  const id = await asked('acme-api');
  const shown = await door.ask('GET', `/api/approvals/${id}`);
  expect(shown.json).toMatchObject({
    kind: 'top_up',
    status: 'pending',
    team_id: 'acme-api',
    credits: 25_000,
    reason: 'Invoice 17',
    proposed_by: `slack:${MANAGER}`,
    approvals_needed: 1,
    approvers: 'approver',
    changed_since: [],
  });
  const approved = await decide(id, 'approve', { state: shown.json.state });
  expect(approved.json).toMatchObject({
    status: 'applied',
    decided_by: 'api:admin',
    balance_after: 26_000,
  });
  await carryEvents();
  const ended = await cardOf('acme-api', 'Approved* by the API (admin)');
  expect(() => buttonOf(ended, 'Approve')).toThrow('no button');
  expect(cards('acme-api')).toHaveLength(1);
  const trail = await subject.stores.records.audit.search({
    actor: 'api:admin',
    action: 'proposal.approved',
    limit: 1,
  });
  expect(trail).toMatchObject([{ door: 'api', target: 'team:acme-api' }]);
});

test('of ten clicks and ten requests at the same time one has an effect', async () => {
  const id = await asked('acme-both');
  const card = await cardOf('acme-both', 'Approval needed');
  const state = await stateOf(id);
  const ten = Array.from({ length: 10 }, (_, at) => at);
  const [answers] = await Promise.all([
    Promise.all(ten.map(async () => decide(id, 'approve', { state }))),
    Promise.all(ten.map(async () => press(card, 'Approve', APPROVER))),
  ]);
  await subject.idle();
  const applied = answers.filter(({ status }) => status === 200).length;
  const late = answers.filter(({ status, json }) => status === 409 && json.code).length;
  expect([applied + late, applied <= 1]).toEqual([10, true]);
  expect(await balanceOf(subject, 'acme-both')).toBe(26_000n * CREDIT);
  await carryEvents();
  await cardOf('acme-both', '26,000 credits right after');
});

test('a yes there and a no in Slack: the first counts', async () => {
  const ids = await Promise.all(['acme-yn-1', 'acme-yn-2', 'acme-yn-3'].map(asked));
  for (const id of ids) {
    const [yes, no] = await Promise.all([
      stateOf(id).then(async (state) => decide(id, 'approve', { state })),
      decide(id, 'reject', { reason: 'The invoice is unpaid' }),
    ]);
    expect(new Set([yes.status, no.status])).toEqual(new Set([200, 409]));
    const { json } = await door.ask('GET', `/api/approvals/${id}`);
    const credits = json.status === 'applied' ? 26_000n : 1_000n;
    expect(await balanceOf(subject, json.team_id)).toBe(credits * CREDIT);
  }
});

test('what changed since must be seen before: the state that was shown is no more', async () => {
  const id = await asked('acme-seen');
  const state = await stateOf(id);
  await type('/team suspend acme-seen reason="Unpaid"');
  await press(await told('Suspend `acme-seen`'), 'Suspend');
  await told('Suspended: `acme-seen`');
  const refused = await decide(id, 'approve', { state });
  expect([refused.status, refused.json.code]).toEqual([409, 'proposal_outdated']);
  expect((await door.ask('GET', `/api/approvals/${id}`)).json.changed_since).toContain('team');
  expect(await balanceOf(subject, 'acme-seen')).toBe(1_000n * CREDIT);
});

test('a question is asked in a thread that who proposed it reads', async () => {
  const id = await asked('acme-asked');
  expect((await decide(id, 'ask', { question: 'Is it paid?' })).status).toBe(200);
  const inChannel = () => subject.control.messages({ channel: '#acme-prod' });
  const question = await waitFor(() => inChannel().find((m) => textOf(m).includes('paid?')), {
    what: 'the question',
  });
  expect(textOf(question)).toContain('the API (admin) asks <@U0MANAGER>: Is it paid?');
  const card = inChannel().find(({ stamp }) => stamp === question.threadStamp);
  expect(textOf(card ?? question)).toContain('Top up acme-asked: 25,000 credits');
});

test('nobody approves their own, nobody is two, and people who are named decide themselves', async () => {
  await givenTeam(subject, 'acme-who');
  const propose = async (actorId: string, by: 'approver' | readonly string[], approvals = 1) => {
    const { settings } = subject.stores;
    const rule = { action: 'top_up' as const, above: null, organizations: null, approvals, by };
    const stores = {
      ...subject.stores,
      settings: { ...settings, approvals: { ...settings.approvals, rules: [rule] } },
    };
    const reference = `test:${actorId}:${approvals}:${String(by)}`;
    const action = {
      kind: 'top_up' as const,
      teamId: 'acme-who',
      amount: CREDIT,
      reason: 'Pilot',
      reference,
    };
    const wish = { action, channelId: undefined, onceKey: reference };
    const done = await actOrPropose(stores, { id: actorId, door: 'api' }, wish);
    expect(done).toMatchObject({ isNew: true });
    return (done as { proposal: { id: string } }).proposal.id;
  };
  const state = async (id: string) => ({ state: await stateOf(id) });
  const own = await propose('api:admin', 'approver');
  expect((await decide(own, 'approve', await state(own))).json.code).toBe('proposal_own');
  const named = await propose(`slack:${MANAGER}`, ['S0FINANCE']);
  expect((await decide(named, 'approve', await state(named))).json.code).toBe('proposal_of_others');
  const byTwo = await propose(`slack:${MANAGER}`, 'approver', 2);
  const as = (name: string) => ({ 'litellm-changed-by': name });
  const first = await decide(byTwo, 'approve', await state(byTwo), as('ann'));
  expect(first.json.status).toBe('pending');
  const second = await decide(byTwo, 'approve', await state(byTwo), as('bob'));
  expect(second.json.code).toBe('proposal_approved_before');
});

test('what is not there, and what is not said, is refused', async () => {
  const none = await decide('01a1ff2e-fd4d-7714-9bc3-0c9701041583', 'approve', { state: 'x' });
  expect([none.status, none.json.code]).toEqual([404, 'proposal_unknown']);
  expect((await decide('1', 'approve', {})).status).toBe(422);
  const { json } = await door.ask('GET', '/api/approvals?status=applied&limit=1');
  expect(json.approvals).toHaveLength(1);
});
