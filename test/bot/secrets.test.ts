// Every way by which a key comes into the world from Slack; then everything that was ever said or kept is searched.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { revealKey } from '../../src/core/keys/reveal.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { MANAGER, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
});
afterAll(async () => subject.close());

/** The keys behind the links of a message: opened as its reader would. */
async function keysBehind(message: { blocks: unknown }): Promise<string[]> {
  const secrets = new Set(
    [...textOf(message).matchAll(/\/reveal\/([\w-]+)/g)].map((match) => match[1] ?? ''),
  );
  const keys: string[] = [];
  for (const secret of secrets) {
    const revealed = await revealKey(subject.stores, secret);
    if (!isRefusal(revealed)) {
      keys.push(revealed.secretKey);
    }
  }
  return keys;
}

/** Every row of every table, as text. */
async function wholeDatabase(): Promise<string> {
  const tables = await subject.postgres.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await subject.postgres.$queryRawUnsafe<{ row: string }[]>(
      `SELECT each::text AS row FROM "${name}" AS each`,
    );
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

/** Every key and value that Redis holds for this test, as text. */
async function wholeRedis(): Promise<string> {
  const { redis } = subject.gate.connection;
  const names = await redis.keys(`${subject.namespace}*`);
  const dumps = await Promise.all(names.map(async (name) => redis.dumpBuffer(name)));
  return [...names, ...dumps.map((dump) => dump?.toString('latin1') ?? '')].join('\n');
}

/** The team's only key has expired: its cure makes a new secret. */
async function curedBySlack(teamId: string) {
  const { keyId } = await givenTeam(subject, teamId);
  await subject.postgres.virtualKey.update({
    where: { id: keyId },
    data: { expiresAt: new Date(0), version: { increment: 1 } },
  });
  await subject.stores.gate.project({ keyId });
  await type(`/team explain ${teamId}`);
  await press(await told(`Calls of ${teamId}`), 'Rotate the key, for 90 days');
  return told(`of team \`${teamId}\` has a new secret`);
}

test('a key is in no message, no payload, no file, no log, no table and nowhere in Redis', async () => {
  await type('/team create acme-prod org=acme credits=100 groups=gpt-models');
  const made = await form('create_team').catch(() => undefined);
  await (made &&
    subject.control.submitView({ user: MANAGER, values: { 'new_org:acme': ['acme'] } }));
  const keys = await keysBehind(await told('`acme-prod` is ready'));
  await type('/org onboard');
  const view = await form('onboard');
  const values = { name: 'Globex', org: 'globex', credits: '5', groups: ['gpt-models'] };
  await subject.control.submitView({ user: MANAGER, viewId: view.id, values });
  keys.push(...(await keysBehind(await told('is on board'))));
  await type('/team key new acme-prod name=CI');
  keys.push(...(await keysBehind(await told('has another key'))));
  await type('/team key new acme-prod name=Shop for=client');
  keys.push(...(await keysBehind(await told('here is a new key of acme-prod'))));
  const lastFour = keys.at(-1)?.slice(-4);
  await type(`/team key rotate acme-prod ${lastFour} grace=0`);
  await press(await told('Rotate at once: key'), 'Rotate at once');
  keys.push(...(await keysBehind(await told('has a new secret'))));
  await type(`/team key rotate acme-prod Shop grace=1h for=client`);
  keys.push(...(await keysBehind(await told('Hello, the key'))));
  keys.push(...(await keysBehind(await curedBySlack('acme-cured'))));
  await type('/team usage acme-prod range=30d by=key as=csv');
  await told('.csv` is in our own conversation');
  await subject.idle();
  expect(keys.map((key) => key.slice(0, 3))).toEqual(Array.from({ length: 7 }, () => 'sk-'));

  const everywhere = [
    subject.control.everything(),
    subject.logged(),
    await wholeDatabase(),
    await wholeRedis(),
  ].join('\n');
  expect(everywhere).toContain('globex-prod');
  for (const key of keys) {
    expect(everywhere).not.toContain(key);
    expect(everywhere).not.toContain(key.slice('sk-'.length));
    expect(everywhere).not.toContain(Buffer.from(key).toString('base64').slice(0, 40));
  }
});
