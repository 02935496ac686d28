import type { Channel, Person, Seed } from './model.ts';

/** Slack's own voice: says what went wrong with a command, to the one who typed it. */
export const SLACKBOT_ID = 'USLACKBOT';

const CREATED_AT_S = 1_760_000_000;

function person(id: string, handle: string, name: string, title: string): Person {
  return {
    id,
    handle,
    name,
    title,
    email: `${handle}@northwind.example`,
    timeZone: 'Europe/Stockholm',
    isBot: false,
  };
}

function channel(id: string, name: string, topic: string): Channel {
  const members = ['U0MANAGER', 'U0APPROVER', 'U0VIEWER', 'U0OWNER', 'U0QUARTER'];
  return { id, name, topic, members, created: CREATED_AT_S };
}

/** The company that is there when nothing else was asked for. */
export function defaultSeed(): Seed {
  return {
    team: { id: 'T0LOCAL', name: 'Northwind AI', domain: 'northwind-ai' },
    bot: { userId: 'U0QUARTER', botId: 'B0QUARTER', appId: 'A0QUARTER' },
    people: [
      person('U0MANAGER', 'maya', 'Maya Lindqvist', 'Account manager'),
      person('U0APPROVER', 'omar', 'Omar Haddad', 'Approver'),
      person('U0VIEWER', 'vera', 'Vera Novak', 'Viewer'),
      person('U0OWNER', 'ines', 'Ines Duarte', 'Owner'),
      { ...person('U0QUARTER', 'quartermaster', 'Quartermaster', 'App'), isBot: true },
      { ...person(SLACKBOT_ID, 'slackbot', 'Slackbot', 'Slack'), isBot: true },
    ],
    channels: [
      channel('C0GENERAL', 'general', 'Company-wide news'),
      channel('C0ACME', 'acme-prod', 'Acme, production: credits, keys, questions'),
      channel('C0OPS', 'quartermaster-ops', 'Approvals and alerts'),
    ],
    groups: [
      {
        id: 'S0MANAGERS',
        handle: 'account-managers',
        name: 'Account managers',
        members: ['U0MANAGER'],
      },
      { id: 'S0APPROVERS', handle: 'approvers', name: 'Approvers', members: ['U0APPROVER'] },
      { id: 'S0VIEWERS', handle: 'viewers', name: 'Viewers', members: ['U0VIEWER'] },
    ],
  };
}

/** A command that the app has registered, with what the message box says of it. */
export type CommandHint = { command: string; description: string; usage: string };

function hint(command: string, usage: string, description: string): CommandHint {
  return { command, usage, description };
}

export const DEFAULT_COMMANDS: readonly CommandHint[] = [
  hint(
    '/team',
    'show acme-prod | topup acme-prod 500 | create | explain acme-prod | key | suspend | help',
    'Create a team, show it, fund it, bound what it may use, or suspend it',
  ),
  hint(
    '/org',
    'onboard | show acme | usage acme | limits | budget | suspend | help',
    'Onboard a customer, show it, bound what its teams use together, or suspend it',
  ),
  hint(
    '/approvals',
    'mine | all | history acme-prod | help',
    'See what waits for your decision, and approve or reject it',
  ),
  hint(
    '/audit',
    'search acme-prod | export | verify | help',
    'See who changed what, when, why and from where',
  ),
  hint(
    '/credits',
    'acme-prod | org=acme | help',
    'See which teams have the least credits, or what one team has',
  ),
  hint(
    '/usage',
    'acme-prod range=30d by=model | org=acme | help',
    'See what a team or a whole organization used, and what it cost',
  ),
  hint(
    '/models',
    'claude | show gpt-4o | new | edit | group | help',
    'See and change which models are served, and which access groups hold them',
  ),
  hint(
    '/quartermaster',
    'status | whoami | settings | plan | help',
    'Get help, and see how things stand, who you are here and who may do what',
  ),
];

/** What the app has put into Slack's own menus. */
export type ShortcutHint = { callbackId: string; type: 'global' | 'message'; name: string };

export const DEFAULT_SHORTCUTS: readonly ShortcutHint[] = [
  { callbackId: 'create_team', type: 'global', name: 'Create a team' },
  { callbackId: 'top_up_message', type: 'message', name: 'Top up this team' },
];

export function commandHints(given: readonly (string | CommandHint)[]): CommandHint[] {
  return given.map((one) => (typeof one === 'string' ? hint(one, '', '') : one));
}
