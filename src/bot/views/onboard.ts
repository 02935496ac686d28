// The one form by which a customer begins: organization, teams, credits, models, channel.

import type { InputBlock, ModalView } from '@slack/types';
import { plain } from '../blocks/kit.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import { mrkdwn } from '../escape.ts';
import { inputBlock, lineInput, option } from './inputs.ts';
import { complaintBlock, MODAL_TITLE_MAX } from './notice.ts';

export const ONBOARD = 'onboard';

export type OnboardField =
  | 'org'
  | 'name'
  | 'team'
  | 'credits'
  | 'groups'
  | 'dev'
  | 'dev-credits'
  | 'channel';

export interface OnboardForm {
  /** As typed, by field. */
  readonly typed: Readonly<Partial<Record<OnboardField, string>>>;
  readonly complaints: Readonly<Partial<Record<OnboardField, string>>>;
  /** What belongs to no field. */
  readonly stray: readonly string[];
  readonly groups: readonly AccessGroup[];
  /** Where it was asked for: answers go there. */
  readonly origin: string | undefined;
}

/** Slack's own limit on the choices of a menu. */
const OPTIONS_MAX = 100;
/** Enough to try something, too few to build on by mistake. */
export const DEVELOPMENT_CREDITS = '500';

export function onboardView(form: OnboardForm): ModalView {
  const line = lineOf(form);
  return {
    type: 'modal',
    callback_id: ONBOARD,
    title: plain('Onboard a customer', MODAL_TITLE_MAX),
    submit: plain('Onboard', MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify({ origin: form.origin }),
    blocks: [
      ...complaintBlock(form.stray.map((each) => mrkdwn`${each}`)),
      line('name', 'Customer', 'Acme Corporation'),
      line('org', 'Organization id', 'acme', {
        hint: 'Never changes. Letters, digits, ".", "_" and "-".',
      }),
      line('credits', 'Credits of the production team', '10,000'),
      groupsInput(form),
      line('team', 'Production team', 'acme-prod', {
        hint: 'If empty: the organization, with -prod behind it.',
        optional: true,
      }),
      developmentInput(form),
      line('dev-credits', 'Credits of the development team', DEVELOPMENT_CREDITS, {
        hint: `If empty: ${DEVELOPMENT_CREDITS}.`,
        optional: true,
      }),
      channelInput(form),
    ],
  };
}

function lineOf({ typed, complaints }: OnboardForm) {
  return (
    id: OnboardField,
    label: string,
    placeholder: string,
    rest: { hint?: string; optional?: boolean } = {},
  ): InputBlock =>
    lineInput({ id, label, placeholder, initial: typed[id], complaint: complaints[id], ...rest });
}

function groupsInput({ groups, typed, complaints }: OnboardForm): InputBlock {
  const look = { id: 'groups', label: 'Models', complaint: complaints.groups };
  if (groups.length === 0) {
    const hint = 'No access groups are configured yet: see "access_groups" in quartermaster.yaml.';
    return lineInput({ ...look, hint, initial: typed.groups });
  }
  const options = groups
    .slice(0, OPTIONS_MAX)
    .map((group) => option(group.name, group.displayName, group.aliases.join(', ')));
  const wanted = (typed.groups ?? '').split(',');
  const initial = options.filter(({ value }) => wanted.includes(value ?? ''));
  return inputBlock(
    { ...look, hint: 'Access groups, for all of its teams.' },
    {
      type: 'multi_static_select',
      action_id: 'groups',
      placeholder: plain('Choose groups', OPTIONS_MAX),
      options,
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  );
}

function developmentInput({ typed }: OnboardForm): InputBlock {
  const choice = option('yes', 'Also a development team, with a key and credits of its own');
  return inputBlock(
    { id: 'dev', label: 'Development', optional: true },
    {
      type: 'checkboxes',
      action_id: 'dev',
      options: [choice],
      ...(typed.dev === undefined ? {} : { initial_options: [choice] }),
    },
  );
}

function channelInput({ typed, complaints }: OnboardForm): InputBlock {
  const given = /([CG][A-Z0-9]{2,})/.exec(typed.channel ?? '')?.[1];
  const look = { id: 'channel', label: 'Channel for its news and alerts', optional: true };
  return inputBlock(
    { ...look, complaint: complaints.channel },
    {
      type: 'conversations_select',
      action_id: 'channel',
      filter: { include: ['public', 'private'], exclude_bot_users: true },
      ...(given === undefined ? {} : { initial_conversation: given }),
    },
  );
}
