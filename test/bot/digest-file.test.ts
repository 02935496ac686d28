// The figures of a digest as a file in the channel that asked for it: once, whatever becomes of Slack or of the worker.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { sendDigests } from '../../src/core/digests/send-digests.ts';
import { setDigest } from '../../src/core/digests/set-digest.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { mailTo } from '../support/mail.ts';
import { mortal } from '../worker/mortal.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

/** More than handing over and showing a file takes. */
const STEPS_MAX = 40;

let room: MailRoom;
beforeAll(async () => {
  room = await createMailRoom();
});
afterAll(async () => room.close());

/** A team whose channel asked for digests with files, a day after it used 40 credits. */
async function dueDigest(): Promise<string> {
  const { id, channelId } = await room.team();
  await spend(room, id, 40n);
  const subject = { kind: 'team', teamId: id } as const;
  await setDigest(room.stores, SYSTEM, { channelId, subject, every: 'daily', csv: true });
  room.setNow(room.now() + DAY_MS);
  await Promise.all([sendDigests(room.stores), sendDigests(room.stores)]);
  // The days of other scenes bring no more.
  await room.stores.records.digests.remove(channelId, subject);
  return channelId;
}

/** What stands in the channel since: digests and files, in order. */
function standing(channel: string): string[] {
  return room.workspace.control
    .messages({ channel })
    .filter(({ text }) => /Yesterday of|Usage of/.test(text))
    .map(({ text, files }) => `${files.length} ${/Yesterday|Usage/.exec(text)?.[0]}`);
}

const DONE = ['0 Yesterday', '1 Usage'];

test('a digest with figures is followed by a file of them, by day, team and model', async () => {
  const channel = await dueDigest();
  await room.sayAll();
  expect(standing(channel)).toEqual(DONE);
  const [shown] = room.workspace.control.messages({ channel }).at(-1)?.files ?? [];
  expect(shown?.['name']).toMatch(/^usage-acme-1-\d{4}-\d\d-\d\d\.csv$/);
  const text = await (await fetch(String(shown?.['url_private']))).text();
  const [head, ...lines] = text.split('\r\n');
  expect(head).toBe(
    'day,team,model,credits,cost_usd,calls,failed_calls,jobs,failed_jobs,input_tokens,output_tokens',
  );
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d,acme-1,[^,]+,40,/);
});

test.each([
  ['refuses to take a file', { status: 429, methods: ['files.getUploadURLExternal'] }],
  ['fails to show it', { status: 503, methods: ['files.completeUploadExternal'] }],
  ['shows it and says nothing', { status: 'silent', losesAnswer: true }],
] as const)('while Slack %s, it waits, and stands there once', async (_, outage) => {
  const channel = await dueDigest();
  const methods = ['files.completeUploadExternal'];
  const end = room.workspace.control.outage({ methods, ...outage });
  await room.sayAll();
  expect(standing(channel)[0]).toBe(DONE[0]);
  end();
  await room.pass(10);
  expect(standing(channel)).toEqual(DONE);
  expect(await room.postgres.channelPost.count({ where: { overAt: null } })).toBe(0);
});

test('whoever dies at any step of it leaves one digest and one file', async () => {
  let lived = false;
  for (let step = 1; step <= STEPS_MAX && !lived; step += 1) {
    const channel = await dueDigest();
    const { wrap, isDead } = mortal(step);
    const stores = { ...room.stores, records: wrap(room.stores.records) };
    const alive = mailTo(room.workspace, room.stores);
    await room.sayAll({ ...alive, stores, client: wrap(alive.client) }).catch(() => undefined);
    await room.pass(5);
    expect(standing(channel), `dead at step ${step}`).toEqual(DONE);
    lived = !isDead();
  }
  expect(lived).toBe(true);
}, 60_000);
