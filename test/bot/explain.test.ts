import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { setKeyStatus } from '../../src/core/keys/change-key.ts';
import { startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { callsOf } from './refused.ts';

let subject: BotUnderTest;
const { type, told, press, form } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
});
afterAll(async () => subject.close());

test('a team whose calls pass is told so, with its balance', async () => {
  await givenTeam(subject, 'acme-fine');
  await type('/team explain acme-fine', VIEWER);
  const said = textOf(await told('Nothing stands in the way', VIEWER));
  expect(said).toContain('1,000 credits spendable');
  expect(said).toContain('No call was refused');
});

test('a team without credits gets the top-up that cures it, and is told afterwards that it did', async () => {
  await givenTeam(subject, 'acme-empty', { credits: '0' });
  const [id = ''] = await callsOf(subject, 'acme-empty', { calls: 3 });
  await type('/team explain acme-empty');
  const said = await told('Every call');
  expect(textOf(said)).toContain('0 credits');
  expect(textOf(said)).toContain('*3 ×* too few credits');
  expect(textOf(said)).toContain('would still be refused');
  await press(said, 'Top up');
  await form('top_up');
  await type('/team topup acme-empty 50 reason="Invoice 7"');
  await told('Added 50 credits');
  await type(`/team explain request=${id}`);
  const call = textOf(await told('would go through by now'));
  expect(call).toContain('Refused: too few credits');
  expect(call).toContain('It had to set aside');
  expect(call).not.toContain('"Top up"');
});

test('the id in an error leads to what the gate saw: key, model, numbers', async () => {
  const { team } = await givenTeam(subject, 'acme-model');
  const [id = ''] = await callsOf(subject, team.id, { model: 'claude-sonnet-4-5' });
  await type(`/team explain acme-model request=${id}`, VIEWER);
  const said = await told(id, VIEWER);
  const [key] = await subject.stores.records.keys.ofTeam('acme-model');
  for (const part of [
    'a model that the team may not use',
    'claude-sonnet-4-5',
    `sk-…${key?.lastFour}`,
    'acme-model',
    'would still be refused',
    'Allow claude-sonnet-4-5',
  ]) {
    expect(textOf(said)).toContain(part);
  }
});

test('a limit that refuses is named with the numbers that were compared, and can be boosted', async () => {
  await givenTeam(subject, 'acme-limit');
  await changeCeilings(subject.stores, SYSTEM, { kind: 'team', teamId: 'acme-limit' }, [
    { set: 'limit', kind: 'requests', model: null, max: 2 },
  ]);
  await callsOf(subject, 'acme-limit', { calls: 3 });
  await type('/team explain acme-limit');
  const said = await told('refused *for the moment*');
  expect(textOf(said)).toContain('*Requests a minute* of team acme-limit is used up (2 of 2)');
  await press(said, 'Limit +50 % for a day');
  await told('Boosted: 2 + 1');
  expect(await callsOf(subject, 'acme-limit')).toEqual([]);
});

test('a suspended team is told why, with the way back', async () => {
  await givenTeam(subject, 'acme-late');
  await type('/team suspend acme-late reason=Unpaid');
  await press(await told('acme-late'), 'Suspend');
  await told('Suspended: `acme-late`');
  await type('/team explain acme-late');
  const said = await told('is *suspended*, because: Unpaid');
  await press(said, 'Resume team');
  const resumed = await told('Resumed: `acme-late`');
  expect(textOf(resumed)).not.toContain('suspended');
});

test('a team whose only key is blocked is told which, and unblocks it', async () => {
  const { keyId } = await givenTeam(subject, 'acme-blocked');
  await setKeyStatus(subject.stores, SYSTEM, { keyId, status: 'blocked' });
  await type('/team explain acme-blocked');
  const said = await told('None of its keys works');
  await press(said, 'Unblock the key');
  await told('works, from its next call on');
  expect(await callsOf(subject, 'acme-blocked')).toEqual([]);
});

test('a team whose only key has expired gets a new secret with a new end, ready to be sent on', async () => {
  const { keyId } = await givenTeam(subject, 'acme-expired');
  await subject.postgres.virtualKey.update({
    where: { id: keyId },
    data: { expiresAt: new Date(Date.now() - 1_000), version: { increment: 1 } },
  });
  await subject.stores.gate.project({ keyId });
  await type('/team explain acme-expired');
  const said = await told('Calls of acme-expired');
  expect(textOf(said)).toMatch(/None of its keys works.*has expired/);
  await press(said, 'Rotate the key, for 90 days');
  expect(textOf(await told('of team `acme-expired` has a new secret'))).toContain(
    'Ready to be sent to the client',
  );
  expect(await callsOf(subject, 'acme-expired')).toEqual([]);
});

test('an id that is not kept, a misspelled team and no words at all each say how to go on', async () => {
  await type('/team explain request=5b0c9a51-6d39-4be6-93a5-0c1f6f3b7d21', VIEWER);
  await told('no record of a refused call with the id `5b0c9a51', VIEWER);
  await type('/team explain acme-fien', VIEWER);
  await told('Did you mean', VIEWER);
  await type('/team explain', VIEWER);
  expect(textOf(await form('arguments', VIEWER))).toContain(
    'say which team, or which request by the request_id',
  );
});
