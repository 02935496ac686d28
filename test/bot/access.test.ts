import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, news, press, seen, askedAgain } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
});
afterAll(async () => subject.close());

const teamOf = async (id: string) => subject.stores.records.teams.find(id);
const keysOf = async (team: string) => subject.stores.records.keys.ofTeam(team);
const DAY_MS = 86_400_000;

describe('keys', () => {
  test('a key is made with all that confines it, and what was understood is repeated', async () => {
    await givenTeam(subject, 'acme-terms');
    await type(
      '/team key new acme-terms name="CI server" new-owner=ann@acme.com expires=30d models=gpt-4o,fast-* alias=fast=gpt-4o-mini endpoints=chat from=10.0.0.0/8 tags=a,b',
    );
    const said = textOf(await told('has another key'));
    for (const part of [
      'CI server',
      'ann@acme.com',
      'fast-*',
      'fast → gpt-4o-mini',
      '10.0.0.0/8',
    ]) {
      expect(said).toContain(part);
    }
    const [, key] = await keysOf('acme-terms');
    expect(key).toMatchObject({
      name: 'CI server',
      userId: 'ann@acme.com',
      models: ['gpt-4o', 'fast-*'],
      modelAliases: { fast: 'gpt-4o-mini' },
      endpoints: ['chat'],
      addresses: ['10.0.0.0/8'],
      tags: ['a', 'b'],
      createdBy: 'slack:U0MANAGER',
    });
    const livesMs = (key?.expiresAt?.getTime() ?? 0) - Date.now();
    expect(Math.round(livesMs / DAY_MS)).toBe(30);
  });

  test('an owner who is nobody yet is asked about, and made with one press', async () => {
    await givenTeam(subject, 'acme-owner');
    await type('/team key new acme-owner name=laptop owner=bob@acme.com');
    const question = await told('There is no user `bob@acme.com`');
    expect(await keysOf('acme-owner')).toHaveLength(1);
    await press(question, 'Add bob@acme.com and make the key');
    await told('*Owner*  bob@acme.com');
    expect(await keysOf('acme-owner')).toHaveLength(2);
  });

  test('a key is shown, changed in part, and freed again', async () => {
    const { secretKey } = await givenTeam(subject, 'acme-edit');
    const lastFour = secretKey.slice(-4);
    await type(`/team key edit acme-edit ${lastFour} models=gpt-4o from=10.0.0.0/8 tags=x`);
    await told('is changed, from its next call on');
    expect((await keysOf('acme-edit'))[0]).toMatchObject({
      name: 'first',
      models: ['gpt-4o'],
      addresses: ['10.0.0.0/8'],
      tags: ['x'],
    });
    await type(`/team key edit acme-edit ${lastFour} models=all from=anywhere`);
    await subject.idle();
    expect((await keysOf('acme-edit'))[0]).toMatchObject({
      models: [],
      addresses: [],
      tags: ['x'],
    });
    await type(`/team key show acme-edit ${lastFour}`, VIEWER);
    expect(textOf(await told('*Tags*', VIEWER))).toContain('all of the team');
    await type(`/team key edit acme-edit ${lastFour}`);
    await askedAgain('nothing to change was named');
  });

  test('a key expires when it is told to, and lives again when it is given longer', async () => {
    const { secretKey } = await givenTeam(subject, 'acme-expire');
    const lastFour = secretKey.slice(-4);
    await type(`/team key expire acme-expire ${lastFour}`);
    await press(await told('End now: key'), 'End now');
    await told('is changed, from its next call on');
    const expiresAt = async () => (await keysOf('acme-expire'))[0]?.expiresAt?.getTime() ?? 0;
    expect(await expiresAt()).toBeLessThanOrEqual(Date.now());
    await type(`/team key expire acme-expire ${lastFour} expires=never`);
    await subject.idle();
    expect(await expiresAt()).toBe(0);
  });

  test('a rotation takes its grace, down to none', async () => {
    const { secretKey } = await givenTeam(subject, 'acme-grace');
    await type(`/team key rotate acme-grace ${secretKey.slice(-4)} grace=2h`);
    await told('works until');
    const graceMs = ((await keysOf('acme-grace'))[0]?.previousUntil?.getTime() ?? 0) - Date.now();
    expect(graceMs).toBeGreaterThan(1.9 * 3_600_000);
    expect(graceMs).toBeLessThanOrEqual(2 * 3_600_000);
    await type('/team key rotate acme-grace first grace=0');
    await press(await told('Rotate at once: key'), 'Rotate at once');
    await told('has stopped working');
    expect((await keysOf('acme-grace'))[0]?.previousUntil).toBeNull();
    await type('/team key rotate acme-grace first grace=31d');
    await askedAgain('only 0 (the old secret stops at once) to 30 days are allowed');
  });

  test.each([
    ['expires=2020-01-01', 'it lies in the past'],
    ['alias=a=b,b=c', 'which itself stands for another'],
    ['alias=fast', 'names no model'],
    ['from=10.0.0.0/99', 'is no address and no range'],
    ['endpoints=images', 'only chat, completion, embedding, messages are allowed'],
    ['models="gpt 4o"', 'neither spaces nor asterisks'],
  ])('%s makes no key and says why', async (words, complaint) => {
    const team = `bad-${words.replaceAll(/\W/g, '')}`;
    await givenTeam(subject, team);
    await type(`/team key new ${team} ${words}`);
    await askedAgain(complaint);
    expect(await keysOf(team)).toHaveLength(1);
  });

  test('who may only look sees keys, and changes none', async () => {
    const { secretKey } = await givenTeam(subject, 'acme-look');
    await type('/team key list acme-look', VIEWER);
    await told('*Keys of* `acme-look`', VIEWER);
    for (const words of ['new acme-look', `block acme-look ${secretKey.slice(-4)}`]) {
      await type(`/team key ${words}`, VIEWER);
      await told('needs the role *manager*', VIEWER);
    }
    expect(await keysOf('acme-look')).toMatchObject([{ status: 'active' }]);
  });

  test('a team that is misspelled is asked about', async () => {
    await givenTeam(subject, 'acme-mistyped');
    await type('/team key list acme-mistypde');
    expect(textOf(await told('Did you mean'))).toContain('`acme-mistyped`');
  });
});

test('models, groups and own names come and go, and are shown with what keys are confined to', async () => {
  const { secretKey } = await givenTeam(subject, 'acme-models');
  await type('/team models acme-models add=claude-models,gpt-5* alias=fast=gpt-4o-mini');
  const shown = textOf(await told('(`claude-models`):'));
  for (const part of ['fast → gpt-4o-mini', '`gpt-5*`', 'each may use all of these']) {
    expect(shown).toContain(part);
  }
  expect(await teamOf('acme-models')).toMatchObject({
    accessGroups: ['gpt-models', 'claude-models'],
    models: ['gpt-5*'],
    modelAliases: { fast: 'gpt-4o-mini' },
  });
  await type('/team models acme-models remove=fast,claude-models,gpt-5*');
  await subject.idle();
  expect(await teamOf('acme-models')).toMatchObject({
    accessGroups: ['gpt-models'],
    models: [],
    modelAliases: {},
  });
  await type(`/team key edit acme-models ${secretKey.slice(-4)} models=gpt-4o`);
  await subject.idle();
  await type('/team models acme-models', VIEWER);
  await told('Keys that are confined', VIEWER);
  await type('/team models acme-models add=gpt-4o', VIEWER);
  await told('needs the role *manager*', VIEWER);
});

test('people come into a team and leave it, and their keys are blocked', async () => {
  await givenTeam(subject, 'acme-people');
  await type('/team members acme-people add=cleo@acme.com');
  await press(await told('There is no user `cleo@acme.com`'), 'Create cleo@acme.com');
  await told('`cleo@acme.com` is in `acme-people` now');
  await type('/team key new acme-people name=hers owner=cleo@acme.com');
  await told('*Owner*  cleo@acme.com');
  await type('/team members acme-people remove=cleo@acme.com');
  expect(textOf(await told('1 key is blocked'))).toContain('nobody yet');
  expect((await keysOf('acme-people')).map((key) => key.status)).toEqual(['active', 'blocked']);
  await type('/team members acme-people remove=cleo@acme.com');
  await askedAgain('is no member of team');
});

describe('states', () => {
  test('a suspension until a day is repeated with its exact end, asked about, and kept', async () => {
    await givenTeam(subject, 'acme-until');
    await type('/team suspend acme-until reason=Invoice until=2027-12-01');
    const question = await told('Suspend `acme-until`');
    expect(textOf(question)).toContain('2027-12-02 00:00 UTC');
    await press(question, 'Suspend');
    await told('🔴 Suspended: `acme-until` until');
    expect(await teamOf('acme-until')).toMatchObject({
      status: 'suspended',
      statusReason: 'Invoice',
      statusUntil: new Date('2027-12-02T00:00:00Z'),
    });
    await news('team *acme-until* until');
    await type('/team show acme-until', VIEWER);
    await told('because: Invoice', VIEWER);
    await type('/team suspend acme-until until=2020-01-01');
    await askedAgain('it lies in the past');
  });

  test('a pause may end after hours, and a team is archived after a question', async () => {
    await givenTeam(subject, 'acme-archive');
    await type('/team pause acme-archive until=2h');
    await told('🟡 Paused: `acme-archive` until');
    await type('/team archive acme-archive');
    await press(await told('Archive `acme-archive`'), 'Archive');
    await told('⚪ Archived: `acme-archive`');
    expect(await teamOf('acme-archive')).toMatchObject({ status: 'archived', statusUntil: null });
    await type('/team resume acme-archive');
    await told('🟢 Resumed: `acme-archive`');
  });

  test('a customer is suspended after a question, without its teams losing their own states', async () => {
    await givenTeam(subject, 'globex-one', { organizationId: 'globex' });
    await givenTeam(subject, 'globex-two', { organizationId: 'globex' });
    await type('/team pause globex-two');
    await told('🟡 Paused: `globex-two`');
    await type('/org suspend globex reason="Unpaid"');
    const question = await told('Suspend `globex`');
    expect(textOf(question)).toContain('the keys of all its teams');
    await Promise.all([press(question, 'Suspend'), press(question, 'Suspend')]);
    await told('🔴 Suspended: `globex`');
    const organization = await subject.stores.records.organizations.find('globex');
    expect(organization).toMatchObject({ status: 'suspended', statusReason: 'Unpaid' });
    expect(await teamOf('globex-one')).toMatchObject({ status: 'active' });
    await type('/org resume globex');
    await told('Teams that are suspended themselves stay so');
    expect(await teamOf('globex-two')).toMatchObject({ status: 'paused' });
    await type('/org suspend globx');
    await told('Did you mean `globex`?');
    await type('/org pause globex', VIEWER);
    await told('needs the role *manager*', VIEWER);
  });
});

test('no key ever passes through Slack', () => {
  expect(subject.control.everything()).not.toMatch(/sk-[0-9a-f]{8}/);
  expect(seen(undefined).length).toBeGreaterThan(0);
});
