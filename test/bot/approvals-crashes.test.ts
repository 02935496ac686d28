// Who proposes, decides and tells may die at any step. Somebody else goes on, Slack delivers again: one proposal, one
// effect, and one card in each place that says how it stands.

import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { announceProposal } from '../../src/bot/approvals/announce.ts';
import { createRoles } from '../../src/bot/roles.ts';
import { applyApproved, approve } from '../../src/core/approvals/decide.ts';
import { actOrPropose } from '../../src/core/approvals/propose.ts';
import type { Proposal } from '../../src/core/approvals/proposal.ts';
import { nameOfState, readState } from '../../src/core/approvals/subject-state.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import type { Stores } from '../../src/core/stores.ts';
import { relayOutbox } from '../../src/storage/outbox.ts';
import { waitFor } from '../support/wait-for.ts';
import { mortal } from '../worker/mortal.ts';
import { APPROVER, MANAGER, ROLES, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, untilAllIsSaid } from './person.ts';

const CREDIT = 1_000_000n;
const MAYA = { id: `slack:${MANAGER}`, door: 'slack' } as const;
const OMAR = { id: `slack:${APPROVER}`, door: 'slack' } as const;
/** More than any of these has; the last one lives through all of its steps. */
const STEPS_MAX = 80;

let subject: BotUnderTest;
beforeAll(async () => {
  // No channel for approvals: cards stand in direct messages, too.
  subject = await startBot({ approvals: { channelId: undefined, perPersonPerDay: null } });
});
afterAll(async () => subject.close());

function dyingAt(step: number): { readonly stores: Stores; isDead(): boolean } {
  const { wrap, isDead } = mortal(step);
  const { records, gate } = subject.stores;
  return { stores: { ...subject.stores, records: wrap(records), gate: wrap(gate) }, isDead };
}

/** Has one die at its first step, at its second, and so on; until one lives through all of them. */
async function atEachStep(
  scene: (name: string) => Promise<(stores: Stores) => Promise<unknown>>,
  afterwards: (name: string) => Promise<void>,
): Promise<string[]> {
  const names: string[] = [];
  for (let step = 1; step <= STEPS_MAX; step += 1) {
    const name = `${expect.getState().currentTestName?.slice(0, 4).trim().toLowerCase()}-${step}`;
    const work = await scene(name);
    const { stores, isDead } = dyingAt(step);
    await work(stores).catch(() => undefined);
    await afterwards(name);
    names.push(name);
    if (!isDead()) {
      return names;
    }
  }
  throw new Error(`Nobody lived through ${STEPS_MAX} steps`);
}

const ask = async (stores: Stores, teamId: string) =>
  actOrPropose(stores, MAYA, {
    action: {
      kind: 'top_up',
      teamId,
      amount: 25_000n * CREDIT,
      reason: 'Invoice 17',
      reference: `slack:${teamId}`,
    },
    channelId: 'C0ACME',
    onceKey: `slack:once:${teamId}`,
  });
async function proposalOf(teamId: string): Promise<Proposal> {
  const found = await subject.stores.records.approvals.list({ teamId, limit: 2 });
  expect(found).toHaveLength(1);
  return found[0] as Proposal;
}
async function seenNow({ id, action }: Proposal) {
  const state = await readState(subject.stores.records, action);
  return { proposalId: id, seen: isRefusal(state) ? '' : nameOfState(state) };
}
function rolesFor(stores: Stores) {
  const { workspace } = subject;
  const client = new WebClient(workspace.botToken, { slackApiUrl: `${workspace.url}/api/` });
  return createRoles(ROLES, client, stores.clock, pino({ level: 'silent' }));
}
/** What the worker does about events, and until all is said. */
async function carryEvents(): Promise<void> {
  const { stores, postgres } = subject;
  const roles = rolesFor(stores);
  const carry = async () =>
    relayOutbox(postgres, async (event) => {
      if (event.kind === 'proposal.changed') {
        await applyApproved(stores, event.proposalId);
        await announceProposal({ stores, roles }, event.proposalId);
      }
    });
  await waitFor(async () => (await carry()) === 0, { what: 'events to be carried' });
  await untilAllIsSaid({ postgres });
}
/** Cards in a channel or with a person. */
const cardsIn = (place: string, teamId: string) =>
  subject.control
    .messages({ channel: place })
    .filter((m) => m.ephemeralFor === undefined && textOf(m).includes(`Top up ${teamId}: 25,000`));

/** One in each place, and it says this. */
function expectOneCard(names: readonly string[], said: string): void {
  const standing = (place: string) =>
    names.map((name) => cardsIn(place, name).map((card) => textOf(card).includes(said)));
  for (const place of ['#acme-prod', APPROVER]) {
    expect(standing(place)).toEqual(names.map(() => [true]));
  }
}

test('proposing: it is proposed once, and stands once where it is asked and with each approver', async () => {
  const names = await atEachStep(
    async (name) => {
      await givenTeam(subject, name);
      return async (stores) => ask(stores, name);
    },
    async (name) => {
      // Slack delivers the command again, to a bot that lives.
      await ask(subject.stores, name);
      await proposalOf(name);
      expect(await balanceOf(subject, name)).toBe(1_000n * CREDIT);
    },
  );
  await carryEvents();
  expect(names.length).toBeGreaterThan(5);
  expectOneCard(names, 'Waiting');
});

test('deciding: credits come once, and each card says so in place', async () => {
  const names = await atEachStep(
    async (name) => {
      await givenTeam(subject, name);
      await ask(subject.stores, name);
      const seen = await seenNow(await proposalOf(name));
      // Its cards are said meanwhile, before somebody decides or after.
      await announceProposal(
        { stores: subject.stores, roles: rolesFor(subject.stores) },
        seen.proposalId,
      );
      return async (stores) => {
        await approve(stores, OMAR, seen);
        await announceProposal({ stores, roles: rolesFor(stores) }, seen.proposalId);
      };
    },
    async (name) => {
      const proposal = await proposalOf(name);
      await approve(subject.stores, OMAR, await seenNow(proposal));
      expect(await balanceOf(subject, name)).toBe(26_000n * CREDIT);
    },
  );
  await carryEvents();
  expect(names.length).toBeGreaterThan(10);
  expectOneCard(names, 'Approved* by');
});
