import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';
import { spend } from './usage.ts';

let subject: BotUnderTest;
const { type, told, askedAgain } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-dev');
  await spend(subject, 'acme-prod', 950n);
});
afterAll(async () => subject.close());

describe('organizations', () => {
  test('are created with their name and zone, once', async () => {
    await type('/org create globex name="Globex Corp." zone=Europe/Berlin');
    expect(textOf(await told('Globex Corp. (globex)'))).toContain('Europe/Berlin');
    await subject.control.redeliver();
    await subject.idle();
    await type('/org create globex');
    await askedAgain('Organization “globex” exists already');
  });

  test('are not left half made where the zone is none', async () => {
    await type('/org create initech zone=Mars/Olympus');
    await askedAgain('Mars/Olympus');
    expect(await subject.stores.records.organizations.find('initech')).toBeUndefined();
  });

  test('show their people and what was used', async () => {
    await type('/team key new acme-prod laptop new-owner=ann@acme.com');
    await told('*Owner*  ann@acme.com');
    await type('/org members acme', VIEWER);
    await told('`ann@acme.com`', VIEWER);
    await type('/org usage acme', VIEWER);
    expect(textOf(await told('Usage of', VIEWER))).toContain('950');
  });
});

describe('a team', () => {
  test('is changed in name and price, and told what was', async () => {
    await type('/team edit acme-dev alias="Acme, test" markup=12.5%');
    const said = textOf(await told('`acme-dev` is changed'));
    expect(said).toContain('Acme, test (was acme-dev)');
    expect(said).toContain('plus 12.5 %');
    expect(await subject.stores.records.teams.find('acme-dev')).toMatchObject({
      alias: 'Acme, test',
      markupBasisPoints: 1_250,
    });
    await type('/team edit acme-dev');
    await askedAgain('nothing to change was named');
  });

  test('is linked to the channel in which that is asked, and to none again', async () => {
    await type('/team link acme-dev', MANAGER, '#general');
    await told('News and alerts of `acme-dev` go to <#C0GENERAL>');
    await type('/team link acme-dev off');
    await told('its news to nobody');
    expect((await subject.stores.records.teams.find('acme-dev'))?.channelId).toBeNull();
    await type('/team link acme-dev', VIEWER);
    await told('needs the role *manager*', VIEWER);
  });
});

describe('an organization', () => {
  test('has a channel of its own, which serves its teams that have none', async () => {
    await type('/org link acme', MANAGER, '#general');
    await told('News of organization `acme` go to <#C0GENERAL>');
    await type('/org show acme');
    await told('*Channel*\\n<#C0GENERAL>');
    await type('/team link acme-dev off');
    await told('go to <#C0GENERAL>, the channel of its organization');
    await type('/team alerts acme-dev');
    await told('*Warnings*\\n<#C0GENERAL>');
    await type('/org link acme channel=off');
    await told('Organization `acme` is linked to no channel any more');
    expect((await subject.stores.records.organizations.find('acme'))?.channelId).toBeNull();
    await type('/org link acme', VIEWER);
    await told('needs the role *manager*', VIEWER);
  });
});

describe('whole commands', () => {
  test('/credits names the neediest first, or the credits of one team', async () => {
    await type('/credits', VIEWER);
    const all = textOf(await told('the neediest first', VIEWER));
    expect(all.indexOf('acme-prod')).toBeLessThan(all.indexOf('acme-dev'));
    await type('/credits acme-prod', VIEWER);
    await told('*Credits of `acme-prod`*', VIEWER);
    await type('/credits org=amce', VIEWER);
    await told('Did you mean `acme`?', VIEWER);
  });

  test('/usage and /models answer without a subcommand', async () => {
    await type('/usage acme-prod', VIEWER);
    await told('Usage of acme-prod', VIEWER);
    await type('/usage org=acme', VIEWER);
    await told('Usage of acme', VIEWER);
    await type('/models claude', VIEWER);
    expect(textOf(await told('Models like “claude”', VIEWER))).toContain('claude-sonnet-4-5');
  });

  test('/quartermaster helps, says how things stand, and who one is', async () => {
    await type('/quartermaster help', VIEWER);
    await told('who is low on credits', VIEWER);
    const at = new Date();
    const { taskRuns } = subject.stores.records;
    const run = { startedAt: at, endedAt: at };
    await taskRuns.succeeded('prune', { ...run, everyMs: 3_600_000 });
    await taskRuns.failed('reconcile', { ...run, complaint: 'Redis is full' });
    await taskRuns.measured('drain', { backlog: 1_200, lagMs: 45_000 }, at);
    await type('/quartermaster status', VIEWER);
    const status = textOf(await told('Everything answers', VIEWER));
    expect(status).toContain('*Drain* is 45 s behind, 1,200 events wait');
    expect(status).toMatch(/`reconcile` failing since <!date.*, never succeeded: Redis is full/);
    expect(status).toContain('1 of 2 tasks needs a look');
    expect(status).not.toContain('prune');
    await type('/quartermaster status --all', VIEWER);
    expect(textOf(await told('`prune`', VIEWER))).toMatch(/`prune` succeeded <!date/);
    await type('/quartermaster whoami', VIEWER);
    const whoami = await told('*viewer*, 🔒 by the configuration file', VIEWER);
    expect(whoami.text).toContain('`U0VIEWER`');
    // By name and by a group is once.
    expect(textOf(whoami).match(/\*viewer\*/g)).toHaveLength(1);
  });
});
