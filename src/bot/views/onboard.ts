// The one form by which a customer begins: organization, teams, credits, models, channel.

import type { InputBlock, ModalView } from '@slack/types';
import { plain } from '../blocks/kit.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import { mrkdwn } from '../escape.ts';
import { groupsField } from './groups-field.ts';
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
    private_metadata: JSON.stringify({ run: '/org onboard', origin: form.origin }),
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
  const hint = 'Access groups, for all of its teams.';
  return groupsField({ ...look, hint }, groups, typed.groups);
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
