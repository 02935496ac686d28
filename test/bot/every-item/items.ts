// What the registries of the Slack door hold, each by one name; and which of them a delivery uses.

import { ACTIONS } from '../../../src/bot/actions/registry.ts';
import { choiceOf } from '../../../src/bot/commands/choose.ts';
import { typedName } from '../../../src/bot/commands/definition.ts';
import type { Argument } from '../../../src/bot/commands/definition.ts';
import { COMMANDS } from '../../../src/bot/commands/registry.ts';
import { SHORTCUTS } from '../../../src/bot/shortcuts.ts';
import { LOOKED_UP, LOOKED_UP_MANY } from '../../../src/bot/views/arguments.ts';
import { FORMS } from '../../../src/bot/views/registry.ts';
import { askedBy } from '../../../src/bot/views/submit-arguments.ts';
import type { Envelope } from '../../../src/embedded/slack/delivery/envelope.ts';

const SUBCOMMANDS = COMMANDS.flatMap((command) =>
  command.subcommands.map((subcommand) => ({ command, subcommand })),
);

/** Every item: what can be typed, pressed, sent, chosen, and what Slack tells by itself. */
export const ITEMS: readonly string[] = [
  ...SUBCOMMANDS.map(({ command, subcommand }) => typedName(command, subcommand)),
  ...COMMANDS.map(({ name }) => `${name} help`),
  ...Object.keys(ACTIONS).map((name) => `button ${name}`),
  ...Object.keys(FORMS).map((name) => `form ${name}`),
  ...SHORTCUTS.map(({ callbackId }) => `shortcut ${callbackId}`),
  ...menusOf(SUBCOMMANDS.flatMap(({ subcommand }) => subcommand.arguments)),
  ...['app_home_opened', 'app_mention', 'user_change', 'subteam_members_changed'].map(
    (name) => `event ${name}`,
  ),
];

/** Those whose words a form asks for, typed without any of them. */
export const ASKED_IN_FORMS: readonly string[] = SUBCOMMANDS.filter(({ subcommand }) =>
  subcommand.arguments.some(({ required }) => required === true),
).map(({ command, subcommand }) => typedName(command, subcommand));

function menusOf(all: readonly Argument[]): string[] {
  const kinds = [...LOOKED_UP, ...LOOKED_UP_MANY];
  return kinds.filter((kind) => all.some((each) => each.kind === kind)).map((k) => `menu ${k}`);
}

interface Delivered {
  readonly type?: string;
  readonly command?: string;
  readonly text?: string;
  readonly callback_id?: string;
  readonly action_id?: string;
  readonly actions?: readonly { readonly action_id: string }[];
  readonly event?: { readonly type: string };
  readonly view?: { readonly callback_id: string; readonly private_metadata: string };
}

/** The item that a delivery uses; a name that is no item where it uses none. */
export function itemOf({ type, payload }: Envelope): string {
  const given = payload as Delivered;
  if (type === 'slash_commands') {
    return itemOfTyped(`${given.command ?? ''} ${given.text ?? ''}`);
  }
  if (type === 'events_api') {
    return `event ${given.event?.type}`;
  }
  switch (given.type) {
    case 'block_actions':
      return `button ${given.actions?.[0]?.action_id.split(':')[0]}`;
    case 'view_submission':
      return `form ${given.view?.callback_id}`;
    case 'block_suggestion': {
      const asked = given.view === undefined ? undefined : askedBy(given.view);
      const argument = asked?.chosen.arguments.find(({ name }) => name === given.action_id);
      return `menu ${argument?.kind}`;
    }
    default:
      return `shortcut ${given.callback_id}`;
  }
}

/** The item of a command as a person types it. */
export function itemOfTyped(typed: string): string {
  const [, name = '', text = ''] = /^(\S*)\s*(.*)$/s.exec(typed) ?? [];
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    return `unknown ${name}`;
  }
  const choice = choiceOf(command, text === '' ? (command.fallback ?? '') : text);
  return choice.is === 'subcommand'
    ? typedName(command, choice.subcommand)
    : `${name} ${choice.is}`;
}
