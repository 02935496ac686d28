// The figures of a digest as a file in the channel that asked for it: once, whatever becomes of Slack or of the worker.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { sendDigests } from '../../src/core/digests/send-digests.ts';
import { setDigest } from '../../src/core/digests/set-digest.ts';
import type { DigestFacts } from '../../src/core/posts/post.ts';
import { DIGEST_ROWS_MAX } from '../../src/bot/posts/digest-file.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { mailTo } from '../support/mail.ts';
import { mortal } from '../worker/mortal.ts';
import { createMailRoom } from './mail-room.ts';
import type { MailRoom } from './mail-room.ts';
import { spend } from './usage.ts';

/** More than handing over and showing a file takes. */
const STEPS_MAX = 40;

let room: MailRoom;
beforeAll(async () => {
  // The morning's digest is sent by then: what is due a day later tells of today, whatever hour it is.
  room = await createMailRoom(Math.floor(Date.now() / DAY_MS) * DAY_MS + 12 * HOUR_MS);
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

const shownIn = (channel: string) => room.workspace.control.messages({ channel }).at(-1)?.files[0];

/** The file of the last message. */
async function fileIn(channel: string): Promise<string> {
  return (await fetch(String(shownIn(channel)?.['url_private']))).text();
}

const DONE = ['0 Yesterday', '1 Usage'];

test('a digest with figures is followed by a file of them, by day, team and model', async () => {
  const channel = await dueDigest();
  await room.sayAll();
  expect(standing(channel)).toEqual(DONE);
  expect(shownIn(channel)?.['name']).toMatch(/^usage-acme-1-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...lines] = (await fileIn(channel)).split('\r\n');
  expect(head).toBe(
    'day,team,model,credits,calls,failed_calls,jobs,failed_jobs,input_tokens,output_tokens',
  );
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d,acme-1,[^,]+,40,1,0,/);
});

test('what providers were paid stands only where no customer reads, in the message and in its file', async () => {
  const { id, channelId } = await room.team();
  await spend(room, id, 40n);
  const subject = { kind: 'team', teamId: id } as const;
  const [unlinked, internal] = [await room.channel('unlinked'), await room.channel('ours')];
  for (const place of [channelId, unlinked, internal]) {
    await setDigest(room.stores, SYSTEM, { channelId: place, subject, every: 'daily', csv: true });
  }
  room.setNow(room.now() + DAY_MS);
  await sendDigests(room.stores);
  const approvals = { ...room.stores.settings.approvals, channelId: internal };
  const stores = { ...room.stores, settings: { ...room.stores.settings, approvals } };
  await room.sayAll(mailTo(room.workspace, stores));
  for (const place of [channelId, unlinked]) {
    expect(room.said(place).join()).not.toContain('Cost at the providers');
    expect(await fileIn(place)).not.toContain('cost_usd');
    expect(await fileIn(place)).not.toContain('4.00');
  }
  expect(room.said(internal).join()).toContain('Cost at the providers');
  expect(await fileIn(internal)).toMatch(/,credits,cost_usd,calls,.*\r\n.*,40,4\.00,1,/);
  for (const place of [channelId, unlinked, internal]) {
    await room.stores.records.digests.remove(place, subject);
  }
});

test('of more rows than a file may have it holds the first, and says where all of them are', async () => {
  const channel = await dueDigest();
  await room.postgres.$executeRaw`
    INSERT INTO usage_by_team
    SELECT (jsonb_populate_record(used, jsonb_build_object('model', 'model-' || number))).*
    FROM usage_by_team used, generate_series(1, ${DIGEST_ROWS_MAX}::int) number
    WHERE used.grain = 'day' AND used.team_id = (
      SELECT id FROM teams WHERE channel_id = ${channel}
    )`;
  await room.sayAll();
  expect(room.workspace.control.messages({ channel }).at(-1)?.text).toContain(
    'the first 10,000 rows; the management API has every call: `GET /api/exports/usage`',
  );
  expect((await fileIn(channel)).split('\r\n')).toHaveLength(1 + DIGEST_ROWS_MAX + 1);
});

test.each([
  [
    'is taken nowhere, after its last try',
    { upload_url: 'http://127.0.0.1:9/' },
    100,
    'Handing a file',
  ],
  ['is given no place', { upload_url: '' }, 0, 'named no place'],
  ['is given no name', { file_id: '' }, 0, 'named no place'],
])('a file that %s is given up, and what waits behind it is said', async (_, wrong, tries, why) => {
  const channel = await dueDigest();
  const mail = mailTo(room.workspace, room.stores);
  const { files } = mail.client;
  const ask = files.getUploadURLExternal;
  files.getUploadURLExternal = async (given) => ({ ...(await ask(given)), ...wrong });
  const { posts } = room.stores.records;
  const of = { place: channel, kind: 'digest.file' };
  const { facts } = await room.postgres.channelPost.findFirstOrThrow({ where: of });
  await posts.add({ place: channel, kind: 'digest', facts: facts as unknown as DigestFacts });
  await room.postgres.channelPost.updateMany({ where: of, data: { tries } });
  await room.sayAll(mail);
  room.setNow(room.now() + MINUTE_MS);
  await room.sayAll(mail);
  expect(standing(channel)).toEqual(['0 Yesterday', '0 Yesterday']);
  expect(await room.postgres.channelPost.findFirst({ where: of })).toMatchObject({
    outcome: 'given_up',
    complaint: expect.stringContaining(why),
    tries: tries + 1,
  });
});

test('a file that cannot be handed over waits, counts each try, and stands there once it can be', async () => {
  const channel = await dueDigest();
  const mail = mailTo(room.workspace, room.stores);
  const { files } = mail.client;
  const ask = files.getUploadURLExternal;
  let isAway = true;
  files.getUploadURLExternal = async (given) => {
    const upload = isAway ? { upload_url: `${room.workspace.url}/files/none` } : {};
    return { ...(await ask(given)), ...upload };
  };
  for (let minute = 0; minute < 3; minute += 1) {
    await room.sayAll(mail);
    room.setNow(room.now() + MINUTE_MS);
  }
  const where = { place: channel, kind: 'digest.file' };
  expect(await room.postgres.channelPost.findFirst({ where })).toMatchObject({ tries: 3 });
  isAway = false;
  room.setNow(room.now() + MINUTE_MS);
  await room.sayAll(mail);
  expect(standing(channel)).toEqual(DONE);
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
