// The form of a subcommand, made of its arguments: everything that was typed stands in it, each complaint
// beside its field.

import type { InputBlock, ModalView } from '@slack/types';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import { plain } from '../blocks/kit.ts';
import type { Argument } from '../commands/definition.ts';
import type { Kind } from '../commands/kinds.ts';
import { USAGE_DIMENSIONS } from '../commands/usage-kinds.ts';
import { mrkdwn, shortened } from '../escape.ts';
import { USAGE_RANGES } from '../usage-reading.ts';
import { inputBlock, lineInput, lookedUp, manyLookedUp, option } from './inputs.ts';
import type { InputLook } from './inputs.ts';
import { complaintBlock, MODAL_TITLE_MAX } from './notice.ts';

export const ARGUMENTS = 'arguments';

/** As much of what holds as is worth a line. */
const STANDING_SHOWN = 120;

export interface ArgumentsForm {
  readonly title: string;
  readonly submit: string;
  readonly arguments: readonly Argument[];
  readonly typed: Readonly<Record<string, string>>;
  /** What holds now, where it is to be changed. */
  readonly standing?: Readonly<Record<string, string>>;
  readonly complaints: Readonly<Record<string, string>>;
  /** What belongs to no field, as sentences. */
  readonly stray: readonly string[];
  readonly memory: ArgumentsMemory;
}

/** What the form carries from its opening to its submission. */
export interface ArgumentsMemory {
  /** The command and its subcommand. */
  readonly run: string;
  /** Where the command was typed: answers go there. */
  readonly origin: string | undefined;
}

export function argumentsView(form: ArgumentsForm): ModalView {
  const shown = form.arguments.filter((each) => each.internal !== true);
  return {
    type: 'modal',
    callback_id: ARGUMENTS,
    title: plain(form.title, MODAL_TITLE_MAX),
    submit: plain(form.submit, MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify(form.memory),
    blocks: [
      ...complaintBlock(form.stray.map((each) => mrkdwn`${each}`)),
      ...shown.map((argument) => fieldOf(argument, form)),
    ],
  };
}

/** The argument's name as a label: `new-owner` becomes `New owner`. */
function labelOf({ name, label }: Argument): string {
  const words = name.replaceAll('-', ' ');
  return label ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** Looked up while a person types: there may be any number of them. */
export const LOOKED_UP: readonly Kind[] = [
  'team',
  'org',
  'key',
  'group',
  'plan',
  'model',
  'model_or_group',
  'user_group',
  'person',
  'member',
];
export const LOOKED_UP_MANY: readonly Kind[] = ['groups', 'models'];

function fieldOf(argument: Argument, { typed, standing, complaints }: ArgumentsForm): InputBlock {
  const { name, kind, says, required, example } = argument;
  const complaint = complaints[name];
  const given = typed[name];
  const held = standing?.[name];
  const now = held === undefined ? '' : ` Now: ${shortened(held, STANDING_SHOWN)}`;
  const look = {
    id: name,
    label: labelOf(argument),
    hint: `${says.charAt(0).toUpperCase()}${says.slice(1)}.${now}`,
    complaint: complaint === undefined || now === '' ? complaint : `${complaint}.${now}`,
    optional: required !== true,
  };
  const choices = choicesOf(argument);
  if (choices !== undefined) {
    return chosen(look, choices, given);
  }
  // What can't be taken is typed again, so that it can be mended instead of searched for.
  if (LOOKED_UP.includes(kind) && argument.isNew !== true) {
    return lookedUp(look, complaint === undefined ? given : undefined);
  }
  if (LOOKED_UP_MANY.includes(kind)) {
    return manyLookedUp(look, complaint === undefined ? given : undefined);
  }
  if (kind === 'channel' || kind === 'channel_or_off' || kind === 'channel_or_own') {
    return channelField(look, given);
  }
  if (kind === 'holder' || kind === 'person_or_none') {
    return personField(look, given);
  }
  const placeholder = example.replace(/^[\w-]+=/, '').replaceAll('"', '');
  return lineInput({ ...look, initial: given, placeholder });
}

function choicesOf({ kind, choices }: Argument): readonly string[] | undefined {
  switch (kind) {
    case 'yes_no':
      return ['yes', 'no'];
    case 'limit':
      return ['requests', 'tokens', 'parallel'];
    case 'mode':
      return BUDGET_MODES;
    case 'range':
      return Object.keys(USAGE_RANGES);
    case 'dimension':
      return USAGE_DIMENSIONS;
    case 'showing':
      return ['message', 'csv', 'picture'];
    default:
      return choices;
  }
}

function chosen(
  look: InputLook,
  choices: readonly string[],
  given: string | undefined,
): InputBlock {
  const options = choices.map((each) => option(each, each.replaceAll('_', ' ')));
  const initial = options.find(({ value }) => value === given?.toLowerCase().replaceAll('-', '_'));
  return inputBlock(look, {
    type: 'static_select',
    action_id: look.id,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  });
}

/** A menu of Slack's own; what it can't hold, like off, stands as text. */
function channelField(look: InputLook, given: string | undefined): InputBlock {
  const id = /([CG][A-Z0-9]{2,})/.exec(given ?? '')?.[1];
  if (isWord(look, given, id)) {
    return lineInput({ ...look, initial: given });
  }
  return inputBlock(look, {
    type: 'conversations_select',
    action_id: look.id,
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    ...(id === undefined ? {} : { initial_conversation: id }),
  });
}

/** The same for people; a user group and none stand as text. */
function personField(look: InputLook, given: string | undefined): InputBlock {
  const id = /\b([UW][A-Z0-9]{2,})\b/.exec(given ?? '')?.[1];
  if (isWord(look, given, id)) {
    const group = /\^(S[A-Z0-9]+)/.exec(given ?? '')?.[1];
    return lineInput({ ...look, initial: group ?? given });
  }
  return inputBlock(look, {
    type: 'users_select',
    action_id: look.id,
    ...(id === undefined ? {} : { initial_user: id }),
  });
}

/** Something was given and taken, but is none that a menu holds. */
function isWord({ complaint }: InputLook, given: string | undefined, id: string | undefined) {
  return complaint === undefined && id === undefined && (given ?? '') !== '';
}
