import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createRevealGuard } from '../../src/api/reveal/guard.ts';
import { Secret } from '../../src/config/secret.ts';
import { REVEAL_LINK_LIFETIME_MS } from '../../src/core/keys/reveal-link.ts';
import { makeRevealLink } from '../../src/core/keys/reveal.ts';
import { createRevealGuesses } from '../../src/storage/reveal-guesses.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

const PASSPHRASE = 'correct horse battery staple';

const ASKING = {
  passphrase: new Secret(PASSPHRASE),
  signOnHeader: undefined,
  trustedProxies: [],
};

let asking: Door;
let signedOn: Door;
let links = 0;

beforeAll(async () => {
  const signOnHeader = 'X-Forwarded-Email';
  [asking, signedOn] = await Promise.all([
    openDoor({ reveal: ASKING }),
    openDoor({ reveal: { passphrase: undefined, signOnHeader, trustedProxies: ['127.0.0.1'] } }),
  ]);
});
afterAll(async () => {
  await asking.close();
  await signedOn.close();
});

async function newLink(door: Door) {
  const teamId = `acme-${(links += 1)}`;
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
  const wish = { organization_id: 'acme', team_id: teamId, access_groups: ['gpt-models'] };
  const made = await door.ask('POST', '/api/teams/create', wish);
  const secretKey: string = made.json.virtual_key;
  const [key] = await door.stores.records.keys.ofTeam(teamId);
  const actor = { id: 'test', door: 'system' } as const;
  const about = { keyId: key?.id ?? '', teamId, secretKey };
  return { path: `/reveal/${await makeRevealLink(door.stores, actor, about)}`, secretKey, teamId };
}

test('a link asks for the passphrase, and a wrong one does not use it up', async () => {
  const { path, secretKey } = await newLink(asking);
  expect((await asking.askBare('GET', path)).text).toContain('type="password"');
  for (const passphrase of ['', 'wrong', PASSPHRASE.toUpperCase()]) {
    const told = await asking.submit(path, { passphrase });
    expect([told.status, told.text.includes(secretKey)]).toEqual([403, false]);
    expect(told.text).toContain('That is not the passphrase');
  }
  const opened = await asking.submit(path, { passphrase: PASSPHRASE });
  expect([opened.status, opened.text.includes(secretKey)]).toEqual([200, true]);
  expect((await asking.askBare('GET', path)).text).toContain('already revealed');
  expect(asking.logged()).not.toContain(PASSPHRASE);
});

test('who guesses is stopped after five, also with the right one', async () => {
  const { path, secretKey } = await newLink(asking);
  for (let guess = 0; guess < 5; guess += 1) {
    await asking.submit(path, { passphrase: `guess ${guess}` });
  }
  const told = await asking.submit(path, { passphrase: PASSPHRASE });
  expect([told.status, told.text.includes(secretKey)]).toEqual([403, false]);
  expect(told.text).toContain('takes no more guesses');
});

test('replicas count together: of fifty guesses at once at two of them five are looked at', async () => {
  const { path, secretKey } = await newLink(asking);
  const replica = await asking.replica();
  onTestFinished(async () => replica.close());
  const doors = Array.from({ length: 50 }, (_, guess) => (guess % 2 === 0 ? asking : replica));
  const told = await Promise.all(
    doors.map(async (door, guess) => door.submit(path, { passphrase: `guess ${guess}` })),
  );
  const looked = told.filter(({ text }) => text.includes('That is not the passphrase'));
  expect(looked).toHaveLength(5);
  for (const door of [asking, replica]) {
    const right = await door.submit(path, { passphrase: PASSPHRASE });
    expect([right.status, right.text.includes(secretKey)]).toEqual([403, false]);
    expect((await door.askBare('GET', path)).text).toContain('takes no more guesses');
  }
});

test('counts go with their links, so that they are never more than those', async () => {
  const { path } = await newLink(asking);
  await asking.submit(path, { passphrase: 'wrong' });
  const { redis } = asking.gate.connection;
  const names = await redis.keys('*:reveal-guesses:*');
  const lives = await Promise.all(names.map(async (name) => redis.pttl(name)));
  expect(names.length).toBeGreaterThan(0);
  expect(lives.every((ms) => ms > 0 && ms <= REVEAL_LINK_LIFETIME_MS)).toBe(true);
});

test('where guesses cannot be counted nobody gets through, and the link is not used up', async () => {
  const cut = await openDoor({ reveal: ASKING });
  onTestFinished(async () => cut.close());
  const { path, secretKey } = await newLink(cut);
  cut.gate.connection.redis.disconnect();
  const told = await cut.submit(path, { passphrase: PASSPHRASE });
  expect(told.status).toBe(503);
  expect(told.text).not.toContain(secretKey);
});

test('a person whom the proxy in front names may open it, and stands in the audit trail', async () => {
  const { path, secretKey, teamId } = await newLink(signedOn);
  const stranger = await signedOn.askBare('POST', path);
  expect([stranger.status, stranger.text.includes(secretKey)]).toEqual([403, false]);
  expect((await signedOn.askBare('GET', path)).text).toContain('Sign in first');
  const headers = { 'x-forwarded-email': 'ann@acme.example' };
  const opened = await signedOn.askBare('POST', path, headers);
  expect([opened.status, opened.text.includes(secretKey)]).toEqual([200, true]);
  const [revealed] = await signedOn.stores.records.audit.search({ teamId, limit: 1 });
  const [key] = await signedOn.stores.records.keys.ofTeam(teamId);
  expect(revealed).toMatchObject({
    action: 'key.revealed',
    actor: 'sign-on:ann@acme.example',
    target: `key:${key?.id}`,
  });
});

test('the header is believed of the proxy alone, whoever else sends it', async () => {
  const guard = createRevealGuard(
    { passphrase: undefined, signOnHeader: 'x-user', trustedProxies: ['10.0.0.0/8'] },
    createRevealGuesses(signedOn.gate.connection.redis, 'unused'),
  );
  const visit = async (remoteAddress: string) =>
    guard.ask('link', { headers: { 'x-user': 'ann' }, remoteAddress, passphrase: undefined });
  expect(await visit('10.1.2.3')).toMatchObject({ kind: 'open', person: 'ann' });
  expect(await visit('192.0.2.1')).toEqual({ kind: 'sign_on' });
  expect(await visit('')).toEqual({ kind: 'sign_on' });
});
