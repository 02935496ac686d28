// What needs a second pair of eyes, as people see it: asked, shown, decided, told.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { announceProposal } from '../../src/bot/approvals/announce.ts';
import { listWaiting } from '../../src/bot/approvals/waiting.ts';
import { placesOf } from '../../src/bot/approvals/places.ts';
import { createRoles } from '../../src/bot/roles.ts';
import type { SlackRoles } from '../../src/config/settings.ts';
import { approve } from '../../src/core/approvals/decide.ts';
import { lapseProposals } from '../../src/core/approvals/lapse.ts';
import { nameOfState, readState } from '../../src/core/approvals/subject-state.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { APPROVER, MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, buttonOf, givenTeam, people, untilAllIsSaid } from './person.ts';

const OPS = '#quartermaster-ops';
const CREDIT = 1_000_000n;

let subject: BotUnderTest;
const { type, told, news, form, press } = people(() => subject);
const roles = { ...ROLES, owners: [VIEWER] };

beforeAll(async () => {
  subject = await startBot({ roles, approvals: { perPersonPerDay: null } });
});
afterEach(async () => {
  for (const user of [MANAGER, APPROVER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});
afterAll(async () => subject.close());

const inOps = (part: string) =>
  subject.control
    .messages({ channel: OPS })
    .filter((message) => message.ephemeralFor === undefined && textOf(message).includes(part));
/** A manager asks for 25,000 credits; answers the card in the channel for approvals. */
async function asked(teamId: string) {
  await givenTeam(subject, teamId);
  await type(`/team topup ${teamId} 25k reason="Invoice 17"`);
  await told('This needs a second pair of eyes');
  await said();
  const [card] = inOps(`Approval needed · Top up ${teamId}`);
  if (card === undefined) {
    throw new Error(`No card asks for an approval for ${teamId}`);
  }
  return card;
}
async function newest(teamId: string) {
  const [proposal] = await subject.stores.records.approvals.list({ teamId, limit: 1 });
  if (proposal === undefined) {
    throw new Error(`Nothing was proposed for ${teamId}`);
  }
  return proposal;
}
/** What who approved is told, as it stands in the message's JSON. */
const done = (teamId: string) => `Top up ${teamId}: 25,000 credits*\\n✅ *Approved`;
/** The roles as another process reads them. */
function elsewhere(file: SlackRoles) {
  const { stores, workspace } = subject;
  const log = pino({ level: 'silent' });
  const slackApiUrl = `${workspace.url}/api/`;
  const client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
  return createRoles(file, client, stores.clock, log);
}
/** What the worker does when something happened elsewhere. */
async function carry(id: string) {
  await announceProposal({ stores: subject.stores, roles: elsewhere(roles) }, id);
  await said();
}
/** Until everything that was to be said is said. */
async function said() {
  await subject.idle();
  await untilAllIsSaid(subject);
}

test('a small top-up goes through at once, as it is documented', async () => {
  await givenTeam(subject, 'acme-small');
  await type('/team topup acme-small 500 reason="Invoice 17"');
  await told('Added 500 credits to `acme-small`: now 1,500 credits spendable');
  expect(await balanceOf(subject, 'acme-small')).toBe(1_500n * CREDIT);
});

test('a large one is shown with all that is to be known, and done by the yes of another', async () => {
  const card = await asked('acme-large');
  for (const part of [
    '25,000 credits',
    '<@U0MANAGER>',
    'Invoice 17',
    '1,000 credits → *26,000 credits*',
    'Spend, 30 days',
    'Initial allocation',
    'expires',
  ]) {
    expect(textOf(card)).toContain(part);
  }
  expect(textOf(card)).toContain('at the provider');
  const atClients = await subject.control.waitForMessage(
    (message) => message.channel === 'C0ACME' && textOf(message).includes('Top up acme-large'),
  );
  expect(textOf(atClients)).toContain('Spend, 30 days');
  expect(atClients.ephemeralFor ?? textOf(atClients)).not.toContain('at the provider');
  expect(await balanceOf(subject, 'acme-large')).toBe(1_000n * CREDIT);
  await press(card, 'Approve', APPROVER);
  await told(done('acme-large'), APPROVER);
  expect(await balanceOf(subject, 'acme-large')).toBe(26_000n * CREDIT);
  await said();
  const [ended, ...more] = inOps('acme-large');
  expect(more).toEqual([]);
  expect(textOf(ended ?? card)).toContain('26,000 credits right after');
  expect(() => buttonOf(ended ?? card, 'Approve')).toThrow('no button');
  // The same in the channel where it was asked, and in a word to who asked.
  await news('✅ *Approved*');
});

test('buttons that a person may not use are not shown where the message is theirs', async () => {
  await asked('acme-own');
  const own = await told('This needs a second pair of eyes');
  expect(() => buttonOf(own, 'Approve')).toThrow('there is Withdraw');
  await press(own, 'Withdraw');
  await told('Withdrawn* by <@U0MANAGER>');
  expect(await balanceOf(subject, 'acme-own')).toBe(1_000n * CREDIT);
});

test('nobody approves their own; a viewer decides on nothing', async () => {
  const card = await asked('acme-self');
  await press(card, 'Approve', MANAGER);
  await told('Nobody approves what they proposed themselves');
  expect(await balanceOf(subject, 'acme-self')).toBe(1_000n * CREDIT);
});

test('of many clicks one has an effect, and each is answered', async () => {
  const card = await asked('acme-race');
  const clicks = 25;
  await Promise.all(Array.from({ length: clicks }, async () => press(card, 'Approve', APPROVER)));
  const answers = () =>
    subject.control
      .messages({ channel: OPS, user: APPROVER })
      .filter((m) => m.ephemeralFor === APPROVER && textOf(m).includes('Top up acme-race'));
  await subject.control.waitFor(() => answers().length === clicks, { timeoutMs: 20_000 });
  const late = answers().filter((m) => textOf(m).includes('*Nothing was done now.*'));
  expect(late).toHaveLength(clicks - 1);
  expect(await balanceOf(subject, 'acme-race')).toBe(26_000n * CREDIT);
  await subject.control.redeliver();
  await subject.idle();
  expect(await balanceOf(subject, 'acme-race')).toBe(26_000n * CREDIT);
});

test('a rejection needs its reason, which who asked reads', async () => {
  const card = await asked('acme-no');
  await press(card, 'Reject …', APPROVER);
  await form('proposal_reject', APPROVER);
  const refused = await subject.control.submitView({ user: APPROVER, values: { reason: ' ' } });
  expect(refused.ok).toBe(false);
  const values = { reason: 'The *invoice* is <unpaid>' };
  await subject.control.submitView({ user: APPROVER, values });
  await said();
  const [ended] = inOps('acme-no');
  expect(textOf(ended ?? card)).toContain('Rejected* by <@U0APPROVER>');
  expect(textOf(ended ?? card)).toContain('`*invoice*` is &lt;unpaid&gt;');
  expect(await balanceOf(subject, 'acme-no')).toBe(1_000n * CREDIT);
});

test('a question is asked in the thread of the card', async () => {
  const card = await asked('acme-ask');
  await press(card, 'Ask a question …', APPROVER);
  await form('proposal_question', APPROVER);
  await subject.control.submitView({ user: APPROVER, values: { reason: 'Is it paid?' } });
  await subject.idle();
  const question = await news('asks <@U0MANAGER>: Is it paid?');
  expect(question).toMatchObject({ threadStamp: card.stamp });
});

test('what changed since is shown, and must be approved as it stands now', async () => {
  const card = await asked('acme-moved');
  await type('/team topup acme-moved 100 reason="Small one"');
  await told('Added 100 credits to `acme-moved`');
  await press(card, 'Approve', APPROVER);
  const shown = await told('The team has changed since this was shown', APPROVER);
  expect(textOf(shown)).toContain('credits were added or taken');
  expect(await balanceOf(subject, 'acme-moved')).toBe(1_100n * CREDIT);
  await press(shown, 'Approve as it stands now', APPROVER);
  await told(done('acme-moved'), APPROVER);
  expect(await balanceOf(subject, 'acme-moved')).toBe(26_100n * CREDIT);
});

test('an urgent one is done at once, and owners are told why', async () => {
  await asked('acme-urgent');
  const own = await told('This needs a second pair of eyes');
  expect(() => buttonOf(own, 'Urgent: do it now …')).toThrow('Withdraw');
  const { id } = await newest('acme-urgent');
  await type(`/approvals show ${id}`, VIEWER);
  await press(await told('Top up acme-urgent', VIEWER), 'Urgent: do it now …', VIEWER);
  await form('proposal_urgent', VIEWER);
  await subject.control.submitView({ user: VIEWER, values: { reason: 'Launch is now' } });
  await said();
  expect(await balanceOf(subject, 'acme-urgent')).toBe(26_000n * CREDIT);
  const toOwner = subject.control
    .messages({ channel: VIEWER })
    .filter((message) => textOf(message).includes('acme-urgent'));
  expect(textOf(toOwner.at(-1) ?? { blocks: [] })).toContain('Launch is now');
});

test('an urgent one is told to managers where there is no owner', async () => {
  await asked('acme-ownerless');
  const waiting = await newest('acme-ownerless');
  const proposedBy = { id: 'slack:U0SOMEBODY', door: 'slack' } as const;
  const overridden = { ...waiting, proposedBy, status: 'applied', urgent: true } as const;
  const places = await placesOf(subject.stores, elsewhere(ROLES), overridden);
  expect(places).toContainEqual({ id: MANAGER, isForApprovers: false });
});

test('decided elsewhere, expired or reminded: each message follows', async () => {
  const card = await asked('acme-else');
  const proposal = await newest('acme-else');
  const { stores } = subject;
  const at = (date: Date) => ({ ...stores, clock: () => date.getTime() });
  await lapseProposals(at(proposal.remindAt));
  await carry(proposal.id);
  await carry(proposal.id);
  const reminders = inOps('still waits for a decision').filter((m) => m.threadStamp === card.stamp);
  expect(reminders).toHaveLength(1);
  const state = await readState(stores.records, proposal.action);
  const seen = isRefusal(state) ? '' : nameOfState(state);
  await approve(stores, { id: 'api:admin', door: 'api' }, { proposalId: proposal.id, seen });
  await carry(proposal.id);
  const [ended] = inOps('Top up acme-else: 25,000');
  expect(textOf(ended ?? card)).toContain('Approved* by the API (admin)');
  expect(ended?.stamp).toBe(card.stamp);
  await asked('acme-slow');
  const slow = await newest('acme-slow');
  await lapseProposals(at(slow.expiresAt));
  await carry(slow.id);
  expect(textOf(inOps('acme-slow')[0] ?? card)).toContain('Expired');
});

test('while Slack is away nothing is lost, and nothing is posted twice', async () => {
  await givenTeam(subject, 'acme-away');
  const end = subject.control.outage({ status: 503, methods: ['chat.postMessage'] });
  await type('/team topup acme-away 25k reason="Invoice 17"');
  await told('This needs a second pair of eyes');
  await subject.idle();
  end();
  const { id } = await newest('acme-away');
  await Promise.all([carry(id), carry(id), carry(id)]);
  expect(inOps('acme-away')).toHaveLength(1);
});

test('who decides for one customer sees what waits there, however much waits elsewhere', async () => {
  const { stores, postgres, workspace } = subject;
  await asked('acme-few');
  const { id } = await newest('acme-few');
  await postgres.$executeRaw`
    INSERT INTO proposals
    SELECT (jsonb_populate_record(proposal, jsonb_build_object(
      'id', gen_random_uuid(), 'organization_id', 'globex', 'reference', 'crowd-' || number,
      'created_at', proposal.created_at + interval '1 hour', 'proposed_by', 'api:crowd'
    ))).*
    FROM proposals proposal, generate_series(1, 600) number WHERE proposal.id = ${id}::uuid`;
  const grant = {
    holder: APPROVER,
    role: 'approver',
    organizationId: 'acme',
    givenBy: 'x',
    givenAt: new Date(),
  } as const;
  const slackApiUrl = `${workspace.url}/api/`;
  const client = new WebClient(workspace.botToken, { slackApiUrl, retryConfig: { retries: 0 } });
  const none = { owners: [], managers: [], approvers: [], viewers: [] };
  const log = pino({ level: 'silent' });
  const narrow = createRoles(none, client, stores.clock, log, async () => [grant]);
  const waiting = await listWaiting({ stores, roles: narrow }, APPROVER);
  expect(waiting.toDecide.map((each) => each.id)).toContain(id);
  expect(waiting.toDecide.filter((each) => each.organizationId !== 'acme')).toEqual([]);
  const theirs = await listWaiting({ stores, roles: narrow }, MANAGER);
  expect(theirs.toDecide).toEqual([]);
  expect(theirs.asked.map((each) => each.id)).toContain(id);
  const approvers = JSON.stringify([VIEWER]);
  await postgres.$executeRaw`
    UPDATE proposals SET approvers = ${approvers}::jsonb WHERE reference = 'crowd-1'`;
  const named = await listWaiting({ stores, roles: narrow }, VIEWER);
  expect(named.toDecide.map((each) => each.organizationId)).toEqual(['globex']);
  const where = { reference: { startsWith: 'crowd-' } };
  await postgres.proposal.updateMany({
    where,
    data: { status: 'withdrawn', decidedAt: new Date() },
  });
});

test('a list says what waits for whom', async () => {
  await asked('acme-list');
  await type('/approvals', APPROVER);
  const mine = await told('Waiting for your decision', APPROVER);
  expect(textOf(mine)).toContain('Top up acme-list: 25,000 credits');
  await type('/approvals mine', MANAGER);
  expect(textOf(await told('You asked for'))).toContain('acme-list');
  await type('/approvals history acme-large', VIEWER);
  expect(textOf(await told('What was decided', VIEWER))).toContain('Top up acme-large');
  const { id } = await newest('acme-list');
  await type(`/approvals show ${id}`, APPROVER);
  const shown = await told('Approval needed · Top up acme-list', APPROVER);
  await press(shown, 'Approve', APPROVER);
  await told(done('acme-list'), APPROVER);
  expect(await balanceOf(subject, 'acme-list')).toBe(26_000n * CREDIT);
});
