// Whoever watches, sees to an alert or says it may die at any of its steps: the records, the gate, Slack's
// answer. Another one goes on, and what people read is the same: never twice, never lost.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliverPosts } from '../../src/bot/posts/deliver.ts';
import type { Mail } from '../../src/bot/posts/mail.ts';
import { acknowledgeAlert, snoozeAlert, wakeAlert } from '../../src/core/alerts/handle.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import type { Stores } from '../../src/core/stores.ts';
import { mailTo } from '../support/mail.ts';
import { mortal } from '../worker/mortal.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const MAYA = { id: 'slack:U0MANAGER', door: 'slack' } as const;
/** More than any of these has; the last one lives through all of its steps. */
const STEPS_MAX = 60;

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

/** A team that is low on credits, which nobody has noticed. */
async function lowTeam() {
  const { id, channelId } = await room.team();
  await spend(room, id, 850n);
  return { id, channelId };
}

/** The alerts of a channel, with the lines of their threads. */
function alertsIn(channelId: string) {
  const all = room.workspace.control.messages({ channel: channelId });
  return all
    .filter(({ text }) => /is low on credits|has no credits left|Resolved/.test(text))
    .filter(({ threadStamp }) => threadStamp === undefined)
    .map((root) => ({
      title: root.text,
      thread: all.filter(({ threadStamp }) => threadStamp === root.stamp).map(({ text }) => text),
    }));
}

async function look() {
  await watchLowCredit(room.stores);
  await room.sayAll();
}

interface Mortals {
  readonly stores: Stores;
  readonly mail: Mail;
}

/** What dies at a step, and whether it has. */
function dyingAt(step: number): Mortals & { isDead(): boolean } {
  const { wrap, isDead } = mortal(step);
  const { records, gate } = room.stores;
  const stores = { ...room.stores, records: wrap(records), gate: wrap(gate) };
  const alive = mailTo(room.workspace, room.stores);
  return { stores, mail: { ...alive, stores, client: wrap(alive.client) }, isDead };
}

/** Does the work with each of its steps as the last, on a scene of its own, and looks what came of it. */
async function dyingAtEachStep<Scene>(
  scene: () => Promise<Scene>,
  work: (mortals: Mortals, scene: Scene) => Promise<unknown>,
  afterwards: (scene: Scene) => Promise<void>,
): Promise<number> {
  for (let step = 1; step <= STEPS_MAX; step += 1) {
    const prepared = await scene();
    const { isDead, ...mortals } = dyingAt(step);
    await work(mortals, prepared).catch(() => undefined);
    await afterwards(prepared);
    if (!isDead()) {
      return step - 1;
    }
  }
  throw new Error(`It lived through none of ${STEPS_MAX} steps`);
}

test('whoever dies while noticing leaves it to be noticed once', async () => {
  const steps = await dyingAtEachStep(
    lowTeam,
    async ({ stores }) => watchLowCredit(stores),
    async ({ channelId }) => {
      await Promise.all([watchLowCredit(room.stores), watchLowCredit(room.stores)]);
      await room.sayAll();
      expect(alertsIn(channelId)).toHaveLength(1);
    },
  );
  expect(steps).toBeGreaterThan(8);
}, 60_000);

test('whoever dies while saying leaves one message, one line of each step, and its end', async () => {
  const steps = await dyingAtEachStep(
    async () => {
      const made = await lowTeam();
      await watchLowCredit(room.stores);
      return made;
    },
    async ({ mail }) => deliverPosts(mail),
    async ({ id, channelId }) => {
      // As long as the dead one holds the place.
      await room.pass(5);
      expect(alertsIn(channelId)).toEqual([
        { title: expect.stringContaining('is low on credits'), thread: [] },
      ]);
      await spend(room, id, 150n);
      await look();
      await room.pass(1);
      await topUp(room.stores, SYSTEM, {
        teamId: id,
        amount: 5_000n * CREDIT,
        reason: 'Invoice',
        reference: id,
      });
      await look();
      await room.pass(1);
      expect(alertsIn(channelId)).toEqual([
        {
          title: expect.stringContaining('Resolved'),
          thread: [
            expect.stringContaining('No credits are left'),
            expect.stringContaining('Topped up'),
          ],
        },
      ]);
    },
  );
  expect(steps).toBeGreaterThan(12);
}, 120_000);

test('whoever dies while saying what came later leaves one line in the thread of one message', async () => {
  const steps = await dyingAtEachStep(
    async () => {
      const made = await lowTeam();
      await look();
      await spend(room, made.id, 150n);
      await watchLowCredit(room.stores);
      return made;
    },
    async ({ mail }) => {
      await deliverPosts(mail);
      await deliverPosts(mail);
    },
    async ({ channelId }) => {
      await room.pass(5);
      expect(alertsIn(channelId)).toEqual([
        {
          title: expect.stringContaining('has no credits left'),
          thread: [expect.stringContaining('No credits are left')],
        },
      ]);
    },
  );
  expect(steps).toBeGreaterThan(20);
}, 120_000);

test('what a person does with an alert is done and told once, or not at all', async () => {
  const acts = [
    { act: acknowledgeAlert, says: 'sees to it' },
    {
      act: async (stores: Stores, by: typeof MAYA, id: string) => snoozeAlert(stores, by, id, '1h'),
      says: 'asked for silence',
    },
    { act: wakeAlert, says: 'ended the silence' },
  ];
  for (const { act, says } of acts) {
    await dyingAtEachStep(
      async () => {
        const made = await lowTeam();
        await look();
        const [episode] = await room.stores.records.alerts.openOf(made.id);
        await (act === wakeAlert
          ? snoozeAlert(room.stores, MAYA, episode?.id ?? '', '1h')
          : undefined);
        return { ...made, episodeId: episode?.id ?? '' };
      },
      async ({ stores }, { episodeId }) => act(stores, MAYA, episodeId),
      async ({ channelId, episodeId }) => {
        await act(room.stores, MAYA, episodeId);
        await room.sayAll();
        const lines = alertsIn(channelId).flatMap(({ thread }) => thread.join('\n').split('\n'));
        expect(lines.filter((line) => line.includes(says))).toHaveLength(1);
      },
    );
  }
}, 120_000);
