// Alerts through hours and days: silence, quiet hours, and what comes behind them.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  acknowledgeAlert,
  setAlertPolicy,
  snoozeAlert,
  wakeAlert,
} from '../../src/core/alerts/handle.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { snoozeEnd } from '../../src/core/alerts/snooze.ts';
import { topUp } from '../../src/core/credits/top-up.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

const CREDIT = 1_000_000n;
const MAYA = { id: 'slack:U0MANAGER', door: 'slack' } as const;
const BEN = { id: 'slack:U0APPROVER', door: 'slack' } as const;

let room: MailRoom;

beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

/** A team whose credits were just found to be low, and its alert. */
async function lowTeam() {
  const { id, channelId } = await room.team();
  await setAlertPolicy(
    room.stores,
    MAYA,
    { kind: 'team', teamId: id },
    { creditPercents: [50, 20], owner: 'U0MANAGER' },
  );
  await use(id, 600n);
  const [episode] = await room.stores.records.alerts.openOf(id);
  return { id, channelId, episodeId: episode?.id ?? '' };
}

async function use(teamId: string, credits: bigint) {
  await spend(room, teamId, credits);
  await watchLowCredit(room.stores);
  await room.sayAll();
}

/** What stands in the threads of a channel. */
function history(channelId: string): string {
  const { messages } = room.workspace.control;
  return messages({ channel: channelId })
    .filter(({ threadStamp }) => threadStamp !== undefined)
    .map(({ text }) => text)
    .join('\n');
}

describe('a silence', () => {
  test.each([
    ['1h', '2026-03-28T20:30:00Z', '2026-03-28T21:30:00.000Z'],
    ['4h', '2026-03-28T20:30:00Z', '2026-03-29T00:30:00.000Z'],
    ['1d', '2026-03-28T20:30:00Z', '2026-03-29T20:30:00.000Z'],
    ['1w', '2026-03-28T20:30:00Z', '2026-04-04T20:30:00.000Z'],
    // The clocks change in this night: nine is an hour earlier by the sun.
    ['tomorrow', '2026-03-28T20:30:00Z', '2026-03-29T07:00:00.000Z'],
    ['tomorrow', '2026-03-27T22:59:00Z', '2026-03-28T08:00:00.000Z'],
    ['tomorrow', '2026-03-27T23:00:00Z', '2026-03-29T07:00:00.000Z'],
  ] as const)('of %s from %s on ends in Berlin at %s', (snooze, from, end) => {
    expect(snoozeEnd(snooze, Date.parse(from), 'Europe/Berlin').toISOString()).toBe(end);
  });

  test('is over with a reminder that says where it stands by then, and once', async () => {
    const { id, channelId, episodeId } = await lowTeam();
    const both = await Promise.all([
      snoozeAlert(room.stores, MAYA, episodeId, '1h'),
      snoozeAlert(room.stores, BEN, episodeId, '1w'),
    ]);
    expect(both.filter((done) => done?.changed)).toHaveLength(1);
    await wakeAlert(room.stores, BEN, episodeId);
    await snoozeAlert(room.stores, MAYA, episodeId, '1h');
    await use(id, 250n);
    expect(history(channelId)).not.toContain('Fell to 20 %');
    await room.pass(59);
    expect(history(channelId)).not.toContain('still lasts');
    await room.pass(10);
    expect(
      history(channelId).match(/still lasts.*Fell to 20 %: 150 credits <@U0MANAGER>/g),
    ).toHaveLength(1);
    expect(room.said(channelId).at(1)).not.toContain('silent until');
    await room.pass(60);
    expect(history(channelId).match(/still lasts/g)).toHaveLength(1);
  });

  test('has no reminder where somebody is at it, or where it was topped up', async () => {
    const [seen, over] = [await lowTeam(), await lowTeam()];
    for (const { episodeId } of [seen, over]) {
      await snoozeAlert(room.stores, MAYA, episodeId, '1h');
    }
    await acknowledgeAlert(room.stores, BEN, seen.episodeId);
    const wish = { teamId: over.id, amount: 5_000n * CREDIT, reason: 'x', reference: over.id };
    await topUp(room.stores, MAYA, wish);
    await watchLowCredit(room.stores);
    await room.pass(70);
    for (const { channelId } of [seen, over]) {
      expect(history(channelId)).not.toContain('still lasts');
    }
    expect(history(over.channelId)).toContain('Topped up: 5,400 credits');
  });

  test('that was asked for a warning ends when it becomes critical', async () => {
    const { id, channelId, episodeId } = await lowTeam();
    await snoozeAlert(room.stores, MAYA, episodeId, '1w');
    await use(id, 400n);
    expect(history(channelId)).toContain('No credits are left');
    expect(history(channelId)).toMatch(/No credits are left.*<@U0MANAGER>/);
    expect(await room.stores.records.alerts.find(episodeId)).toMatchObject({ snoozedUntil: null });
  });
});

describe('quiet hours in the night in which the clocks go forward', () => {
  const quiet = { fromMinute: 22 * 60, toMinute: 7 * 60, timeZone: 'Europe/Berlin' };
  const at = (time: string) => room.setNow(Date.parse(time));

  async function sleepers() {
    const { id, channelId } = await room.team();
    await setAlertPolicy(
      room.stores,
      MAYA,
      { kind: 'team', teamId: id },
      { creditPercents: [50], quiet },
    );
    await room.sayAll();
    return { id, channelId };
  }
  const alerts = (channelId: string) =>
    room.said(channelId).filter((text) => /low on credits|no credits left/.test(text));

  test('keep warnings until seven by the wall clock, and let through what is critical', async () => {
    at('2027-03-27T20:00:00Z');
    const [warned, gone, worse] = [await sleepers(), await sleepers(), await sleepers()];
    at('2027-03-27T22:30:00Z');
    await use(warned.id, 600n);
    await use(gone.id, 1_000n);
    await use(worse.id, 600n);
    expect(alerts(warned.channelId)).toEqual([]);
    expect(alerts(gone.channelId)).toHaveLength(1);
    at('2027-03-28T01:30:00Z');
    await use(worse.id, 400n);
    expect(alerts(worse.channelId)).toEqual([expect.stringContaining('has no credits left')]);
    at('2027-03-28T04:59:59Z');
    await room.sayAll();
    expect(alerts(warned.channelId)).toEqual([]);
    at('2027-03-28T05:00:00Z');
    await room.sayAll();
    expect(alerts(warned.channelId)).toEqual([expect.stringContaining('is low on credits')]);
    await room.pass(5);
    expect(alerts(worse.channelId)).toHaveLength(1);
    expect(history(worse.channelId).match(/No credits are left/g)).toHaveLength(1);
  });
});
