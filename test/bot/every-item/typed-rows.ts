// Every subcommand, typed whole.

import { APPROVER, MANAGER, VIEWER } from '../bot-for-tests.ts';
import { COMMANDS } from '../../../src/bot/commands/registry.ts';
import { balanceOf, givenTeam } from '../person.ts';
import { spend } from '../usage.ts';
import type { Desk, Row } from './desk.ts';
import { OWNER, typed } from './desk.ts';
import { check } from './scenes.ts';

/** The last four of the one key of a new team. */
async function keyOf({ subject }: Desk, teamId: string): Promise<string> {
  return (await givenTeam(subject, teamId)).secretKey.slice(-4);
}

/** Types a command about the one key of a new team. */
function typedOfKey(verb: string, does: string, words: string, part: string): Row {
  return {
    item: `/team key ${verb}`,
    does,
    async use(desk) {
      const teamId = `key-${verb}`;
      const lastFour = await keyOf(desk, teamId);
      await desk.type(`/team key ${verb} ${teamId} ${lastFour} ${words}`);
      await desk.told(part);
    },
  };
}

const TEAMS: readonly Row[] = [
  typed(
    '/team create',
    'makes a team with credits and a link to its key',
    '/team create acme-new org=acme credits=1k groups=gpt-models',
    'Reveal the key once',
  ),
  typed('/team show', 'shows a team', '/team show acme-prod', 'spendable', VIEWER),
  typed(
    '/team explain',
    'says what stands in the way',
    '/team explain acme-prod',
    'Nothing stands in the way',
    VIEWER,
  ),
  typed('/team jobs', 'lists jobs', '/team jobs acme-prod', 'Jobs of `acme-prod`', VIEWER),
  typed('/team usage', 'shows usage', '/team usage acme-prod', 'Usage of acme-prod', VIEWER),
  typed(
    '/team digest',
    'has a channel told of a team',
    '/team digest acme-prod weekly',
    'gets a *weekly* digest of `acme-prod`',
  ),
  typed('/team list', 'lists teams', '/team list org=acme', 'Teams of acme', VIEWER),
  typed(
    '/team edit',
    'changes a team and tells what it was',
    '/team edit acme-dev alias="Acme, test"',
    'Acme, test (was acme-dev)',
  ),
  typed(
    '/team link',
    'links a team to the channel',
    '/team link acme-dev #general',
    'News and alerts of `acme-dev` go to',
  ),
  typed(
    '/team bulk',
    'previews, and changes nothing',
    '/team bulk suspend org=acme status=active reason=Unpaid',
    'Nothing is changed yet',
  ),
  {
    item: '/team suspend',
    does: 'asks before it suspends',
    async use({ type, told, stores }) {
      await type('/team suspend acme-dev reason="Unpaid invoice"');
      await told('Suspend `acme-dev`');
      if ((await stores.records.teams.find('acme-dev'))?.status !== 'active') {
        throw new Error('It was suspended before anybody confirmed it');
      }
    },
  },
  typed('/team pause', 'pauses at once', '/team pause acme-dev', '🟡 Paused: `acme-dev`'),
  typed('/team resume', 'ends a pause', '/team resume acme-dev', '🟢 Resumed: `acme-dev`'),
  typed(
    '/team archive',
    'asks before it archives',
    '/team archive acme-dev reason="Contract ended"',
    'Archive `acme-dev`',
  ),
  {
    item: '/team delete',
    does: 'asks, then ends a team with its keys',
    async use({ subject, stores, type, told, press }) {
      await givenTeam(subject, 'acme-gone');
      await type('/team delete acme-gone');
      await press(await told('Delete team `acme-gone`'), 'Delete');
      await told('Team `acme-gone` is deleted');
      const [key] = await stores.records.keys.ofTeam('acme-gone');
      check(key?.status === 'revoked', 'Its key still works');
    },
  },
  typed(
    '/team limits',
    'sets a limit',
    '/team limits acme-prod requests=1k',
    '✅ Requests a minute: *1,000*',
  ),
  typed(
    '/team budget',
    'sets a budget',
    '/team budget acme-prod max=$500 every=30d',
    '✅ Monthly budget: *$500.00*',
  ),
  typed(
    '/team models',
    'widens access',
    '/team models acme-prod add=claude-models',
    '(`claude-models`):',
  ),
  {
    item: '/team members',
    does: 'adds a person who exists, and offers to make one who does not',
    async use({ type, told, press }) {
      await type('/team members acme-prod add=cleo@acme.com');
      const asked = await told('There is no user `cleo@acme.com`');
      await press(asked, 'Create cleo@acme.com');
      await told('`cleo@acme.com` is in `acme-prod` now');
    },
  },
  typed(
    '/team alerts',
    'sets what is told',
    '/team alerts acme-prod thresholds=50,20',
    'Alerts of acme-prod',
  ),
];

const CREDITS: readonly Row[] = [
  {
    item: '/team topup',
    does: 'adds credits once',
    async use({ type, told, subject }) {
      const before = (await balanceOf(subject, 'acme-prod')) ?? 0n;
      await type('/team topup acme-prod 5 reason="Invoice 1"');
      await told('Added 5 credits to `acme-prod`');
      if ((await balanceOf(subject, 'acme-prod')) !== before + 5_000_000n) {
        throw new Error('The ledger does not have 5 credits more');
      }
    },
  },
  typed(
    '/team credits',
    'shows the credits of a team',
    '/team credits acme-prod',
    'Grants, in the order of their use',
    VIEWER,
  ),
  typed(
    '/team credits show',
    'shows the same under its long name',
    '/team credits show acme-prod',
    'Grants, in the order of their use',
    VIEWER,
  ),
  typed(
    '/team credits history',
    'lists entries',
    '/team credits history acme-prod',
    'acme-prod',
    VIEWER,
  ),
  typed(
    '/team credits grant',
    'grants, with an end',
    '/team credits grant acme-prod 7 expires=90d reason=Pilot',
    '`acme-prod`: 7 credits granted, until ',
  ),
  {
    item: '/team credits deduct',
    does: 'asks, then takes',
    async use({ type, told, press }) {
      await type('/team credits deduct acme-prod 2 reason="Booked twice"');
      await press(await told('Deduct *2 credits* from `acme-prod`?'), 'Deduct');
      await told('`acme-prod`: 2 credits deducted');
    },
  },
  {
    item: '/team credits transfer',
    does: 'asks, then moves',
    async use({ type, told, press }) {
      await type('/team credits transfer acme-prod 3 to=acme-dev reason="Load test"');
      await press(await told('Transfer *3 credits* from `acme-prod` to `acme-dev`?'), 'Transfer');
      await told('3 credits transferred to `acme-dev`');
    },
  },
  {
    item: '/team credits refund',
    does: 'gives a call back',
    async use({ type, told, subject }) {
      await givenTeam(subject, 'acme-back');
      await spend(subject, 'acme-back', 40n);
      const where = { teamId: 'acme-back' };
      const { id } = await subject.postgres.usageEvent.findFirstOrThrow({ where });
      await type(`/team credits refund acme-back ${id} reason=Outage`);
      await told('40 credits refunded');
    },
  },
  typed(
    '/team credits policy',
    'says what happens at 0',
    '/team credits policy acme-dev soft overdraft=100',
    'calls go on down to −100 credits (soft)',
  ),
  typed(
    '/team credits refill',
    'sets a refill',
    '/team credits refill acme-dev 500 every=monthly',
    '500 credits monthly',
  ),
];

const KEYS: readonly Row[] = [
  typed('/team key', 'lists keys', '/team key acme-prod', '*Keys of* `acme-prod`', VIEWER),
  typed(
    '/team key list',
    'lists the same under its long name',
    '/team key list acme-prod',
    '*Keys of* `acme-prod`',
    VIEWER,
  ),
  {
    item: '/team key show',
    does: 'shows one key',
    async use(desk) {
      const lastFour = await keyOf(desk, 'key-show');
      await desk.type(`/team key show key-show ${lastFour}`, VIEWER);
      await desk.told(`sk-…${lastFour}`, VIEWER);
    },
  },
  typed(
    '/team key new',
    'makes a key behind a link',
    '/team key new acme-prod name="CI server"',
    'has another key',
  ),
  typedOfKey('edit', 'changes a key', 'tags=ci', 'is changed, from its next call on'),
  typedOfKey('rotate', 'gives a key a new secret', 'grace=2h', 'has a new secret'),
  typedOfKey('expire', 'ends a key later', 'expires=30d', 'is changed, from its next call on'),
  typedOfKey('block', 'blocks a key', '', 'is blocked, from its next call on'),
  {
    item: '/team key unblock',
    does: 'unblocks a key',
    async use(desk) {
      const lastFour = await keyOf(desk, 'key-unblock');
      await desk.type(`/team key block key-unblock ${lastFour}`);
      await desk.told('is blocked');
      await desk.type(`/team key unblock key-unblock ${lastFour}`);
      await desk.told('works, from its next call on');
    },
  },
  {
    item: '/team key revoke',
    does: 'asks, and ends a key for ever',
    async use(desk) {
      const lastFour = await keyOf(desk, 'key-revoke');
      await desk.type(`/team key revoke key-revoke ${lastFour}`);
      await desk.press(await desk.told('Revoke: key'), 'Revoke');
      await desk.told('is revoked for ever');
    },
  },
];

const WHOLE: readonly Row[] = [
  typed('/approvals mine', 'lists what waits', '/approvals', 'waits', APPROVER),
  typed('/approvals all', 'lists all that waits', '/approvals all', 'wait', APPROVER),
  typed('/approvals history', 'lists what was decided', '/approvals history', 'decided', VIEWER),
  {
    item: '/approvals show',
    does: 'shows one card',
    async use({ type, told, stores }) {
      await type('/team topup acme-prod 25k reason="Invoice 17"');
      await told('This needs a second pair of eyes');
      const [proposal] = await stores.records.approvals.list({ teamId: 'acme-prod', limit: 1 });
      await type(`/approvals show ${proposal?.id}`, APPROVER);
      await told('Approval needed · Top up acme-prod', APPROVER);
    },
  },
  typed('/audit search', 'finds entries', '/audit search acme-prod', 'Audit trail', APPROVER),
  typed('/audit export', 'sends a file', '/audit export from=1d', 'entries as a file', APPROVER),
  typed('/audit verify', 'checks the chain', '/audit verify', 'The audit trail holds', APPROVER),
  typed('/credits', 'names the neediest first', '/credits', 'the neediest first', VIEWER),
  typed('/usage', 'shows usage', '/usage acme-prod', 'Usage of acme-prod', VIEWER),
  typed(
    '/quartermaster status',
    'says how things stand',
    '/quartermaster status',
    'Everything answers',
    VIEWER,
  ),
  typed(
    '/quartermaster whoami',
    'says who one is',
    '/quartermaster whoami',
    'What you may do',
    MANAGER,
  ),
  typed(
    '/quartermaster settings',
    'says who has which role',
    '/quartermaster settings',
    'S0MANAGERS',
    OWNER,
  ),
  {
    item: '/quartermaster settings give',
    does: 'asks, then gives a role',
    async use({ type, told, press }) {
      await type('/quartermaster settings give @vera manager org=globex', OWNER);
      await press(await told('Make <@U0VIEWER> *manager*', OWNER), 'Give the role', OWNER);
      await told('<@U0VIEWER> is now *manager*', OWNER);
    },
  },
  {
    item: '/quartermaster settings take',
    does: 'asks, then takes it away',
    async use({ type, told, press }) {
      await type('/quartermaster settings take @vera manager org=globex', OWNER);
      await press(await told('from <@U0VIEWER>?', OWNER), 'Take it away', OWNER);
      await told('<@U0VIEWER> is *manager*', OWNER);
    },
  },
];

/** What any part of a command's help says. */
const HELP: readonly Row[] = COMMANDS.map(({ name, help }) =>
  typed(
    `${name} help`,
    'says what can be typed',
    `${name} help`,
    help === undefined ? name : 'Each command explains itself',
    VIEWER,
  ),
);

export const TYPED_ROWS: readonly Row[] = [...TEAMS, ...CREDITS, ...KEYS, ...WHOLE, ...HELP];
