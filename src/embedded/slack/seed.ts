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
    'create | show | explain | usage | digest | list | edit | link | bulk | suspend | resume | pause | archive | topup | credits | limits | budget | key | models | members | alerts | help',
    'Create, show, fund and suspend teams',
  ),
  hint(
    '/org',
    'onboard | create | show | list | usage | digest | link | members | suspend | resume | pause | archive | limits | budget | set | help',
    'Show organizations, bound what their teams may use together',
  ),
  hint(
    '/approvals',
    'mine | all | history | show | help',
    'See what waits for a second pair of eyes, and decide on it',
  ),
  hint('/audit', 'search | export | verify | help', 'See who did what, when, why and from where'),
  hint('/credits', '[<team>] [org=…]', 'Show who is low on credits, or the credits of one team'),
  hint(
    '/usage',
    '[<team>] [org=…] [range=…] [by=…] [as=…]',
    'Show what a team or an organization used',
  ),
  hint('/models', '[<search>]', 'Show the models that are served, and the groups that hold them'),
  hint(
    '/quartermaster',
    'status | whoami | settings | help',
    'Help, how things stand, who you are here, who may what',
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
