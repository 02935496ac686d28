import { afterAll, beforeAll, expect, test } from 'vitest';
import { revealKey } from '../../src/core/keys/reveal.ts';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
});
afterAll(async () => subject.close());

const keysOf = async (team: string) => subject.stores.records.keys.ofTeam(team);

test('a new key is made behind a link, once, and no key passes through Slack', async () => {
  await givenTeam(subject, 'acme-keys');
  await type('/team key new acme-keys name="CI server"');
  const message = await told('has another key');
  const secret = /reveal\/([\w-]+)/.exec(JSON.stringify(message.blocks))?.[1] ?? '';
  const revealed = await revealKey(subject.stores, secret);
  const secretKey = 'secretKey' in revealed ? revealed.secretKey : '';
  expect(secretKey).toMatch(/^sk-[0-9a-f]{48}$/);
  expect((await keysOf('acme-keys')).map((key) => key.name)).toEqual(['first', 'CI server']);
  expect(subject.workspace.control.everything()).not.toContain(secretKey);
});

test('a rotated key keeps its place, and the secret before it works until the grace ends', async () => {
  const { secretKey } = await givenTeam(subject, 'acme-rotate');
  await type(`/team key rotate acme-rotate ${secretKey.slice(-4)}`);
  expect(textOf(await told('has a new secret'))).toContain('works until <!date^');
  const keys = await keysOf('acme-rotate');
  expect(keys).toHaveLength(1);
  expect(keys[0]).toMatchObject({ previousLastFour: secretKey.slice(-4), expiresAt: null });
  const graceMs = (keys[0]?.previousUntil?.getTime() ?? 0) - Date.now();
  expect(graceMs).toBeGreaterThan(23 * 3_600_000);
});

test('a link for the client comes in a message ready to be sent on, for new keys and new secrets', async () => {
  const { secretKey } = await givenTeam(subject, 'acme-client');
  const lastFour = secretKey.slice(-4);
  await type('/team key new acme-client name="Web shop" models=gpt-4o for=client');
  const made = textOf(await told('here is a new key of acme-client'));
  for (const part of [
    'Ready to be sent to the client',
    'Base URL: http://127.0.0.1:4000/v1',
    'Models:   gpt-4o\\n',
    'acme-client: http://127.0.0.1:4000/reveal/',
    '$API_KEY',
    '\\"model\\":\\"gpt-4o\\"',
  ]) {
    expect(made).toContain(part);
  }
  await type(`/team key rotate acme-client ${lastFour} grace=0 for=client`);
  await press(await told('Rotate at once: key'), 'Rotate at once');
  const rotated = textOf(await told('Hello, the key'));
  expect(rotated).toContain(`(sk-…${lastFour}) has stopped working`);
  expect(rotated).toContain('gpt-4.1, gpt-4o, gpt-4o-mini');
  const secret = /reveal\/([\w-]+)/.exec(rotated)?.[1] ?? '';
  expect(await revealKey(subject.stores, secret)).toMatchObject({ teamId: 'acme-client' });
  expect(subject.workspace.control.everything()).not.toMatch(/sk-[0-9a-f]{8}/);
});

test('the first call that a client is told is one that its model answers', async () => {
  await givenTeam(subject, 'acme-claude', { accessGroups: ['claude-models', 'gpt-models'] });
  await type('/team key new acme-claude name=Both for=client');
  expect(textOf(await told('here is a new key of acme-claude'))).toContain('/v1/chat/completions');
  await type('/team key new acme-claude name=One models=claude-sonnet-4-5 for=client');
  const one = textOf(await told('Models:   claude-sonnet-4-5'));
  expect(one).toContain('http://127.0.0.1:4000/v1/messages');
  expect(one).toContain('\\"model\\":\\"claude-sonnet-4-5\\",\\"max_tokens\\":500');
});

test('who made a link is told when it was opened, and the key tells for whom the link was', async () => {
  await givenTeam(subject, 'acme-opened');
  await type('/team members acme-opened new=ann@acme.com');
  await told('is in `acme-opened` now');
  const secretOf = (message: { blocks: unknown }) =>
    /reveal\/([\w-]+)/.exec(JSON.stringify(message.blocks))?.[1] ?? '';
  await type('/team key new acme-opened name=Ann owner=ann@acme.com for=client');
  await revealKey(subject.stores, secretOf(await told('here is a new key of acme-opened')));
  await type('/team key new acme-opened name=Mine');
  await revealKey(subject.stores, secretOf(await told('Mine')));
  await type('/team key new acme-opened name=Signed');
  await revealKey(subject.stores, secretOf(await told('Signed')), 'bob@northwind.example');
  const keys = await keysOf('acme-opened');
  for (const [name, by] of [
    ['Ann', 'the link for ann@acme.com'],
    ['Mine', `the link for <@${MANAGER}>`],
    ['Signed', 'bob@northwind.example (signed on)'],
  ] as const) {
    const { id = '', lastFour = '' } = keys.find((key) => key.name === name) ?? {};
    const notice = await subject.control.waitForMessage(
      (message) => message.channel.startsWith('D') && textOf(message).includes(lastFour),
    );
    expect(textOf(notice)).toMatch(/was revealed <!date\^\d+\^/);
    expect(textOf(notice)).toContain(`by ${by}`);
    await press(notice, 'Show key');
    const card = await subject.control.waitForMessage(
      (message) => textOf(message).includes('What happened') && textOf(message).includes(id),
    );
    expect(textOf(card)).toContain('key revealed');
    expect(textOf(card)).toContain(by);
    expect(textOf(card)).not.toContain('the system');
  }
  await subject.control.waitForMessage(
    (message) => message.channel.startsWith('D') && textOf(message).includes('works no more'),
  );
});

test('a key is blocked, unblocked and revoked, and a revoked one stays so', async () => {
  const { secretKey } = await givenTeam(subject, 'acme-block');
  const lastFour = secretKey.slice(-4);
  const statusOf = async () => (await keysOf('acme-block'))[0]?.status;
  await type(`/team key block acme-block ${lastFour}`);
  await told('is blocked, from its next call on');
  expect(await statusOf()).toBe('blocked');
  await type(`/team key unblock acme-block ${lastFour}`);
  await told('works, from its next call on');
  await type(`/team key revoke acme-block ${lastFour}`);
  const question = await told('Revoke: key');
  expect(await statusOf()).toBe('active');
  await press(question, 'Revoke');
  await told('is revoked for ever, from its next call on');
  await type(`/team key unblock acme-block ${lastFour}`);
  await told('the key was revoked, and that is for ever');
  expect(await statusOf()).toBe('revoked');
});

test('a key that is not named is asked for, one that is not there brings the list', async () => {
  await givenTeam(subject, 'acme-which');
  await type('/team key revoke acme-which');
  expect(textOf(await form('arguments'))).toContain('acme-which');
  await subject.control.closeView({ user: MANAGER });
  await type('/team key revoke acme-which zzzz');
  await told('No single key of');
  await type('/team key destroy acme-which');
  await told('/team does not know `key destroy`');
});

test('a viewer may not', async () => {
  await givenTeam(subject, 'acme-viewed');
  await type('/team key new acme-viewed', VIEWER);
  await subject.idle();
  expect(await keysOf('acme-viewed')).toHaveLength(1);
});
