// The form that creates a team: everything that was typed stands in it, each complaint beside its field.

import type { InputBlock, ModalView } from '@slack/types';
import { plain } from '../blocks/kit.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import { mrkdwn } from '../escape.ts';
import { complaintBlock, MODAL_TITLE_MAX } from './notice.ts';
import { groupsField } from './groups-field.ts';
import { inputBlock, lineInput, lookedUp, option } from './inputs.ts';

export const CREATE_TEAM = 'create_team';
/** The checkbox by which an organization is created, too: of this one, and of no other. */
export function newOrganizationField(organizationId: string): string {
  return `new_org:${organizationId}`;
}

/** No id has a colon. */
const NEW = 'new:';

/** What the menu of organizations calls one that is to be created. */
export function newOrganizationValue(organizationId: string): string {
  return `${NEW}${organizationId}`;
}

/** The organization that was chosen in the menu, and whether it is to be created. */
export function organizationChosen(value: string): {
  readonly id: string;
  readonly isNew: boolean;
} {
  return value.startsWith(NEW)
    ? { id: value.slice(NEW.length), isNew: true }
    : { id: value, isNew: false };
}

/** Which fields there are: named as the command's arguments are. */
export type CreateField = 'team' | 'org' | 'credits' | 'groups' | 'alias' | 'mode' | 'channel';

export interface CreateForm {
  /** As typed, by field. */
  readonly typed: Readonly<Partial<Record<CreateField, string>>>;
  readonly complaints: Readonly<Partial<Record<CreateField, string>>>;
  /** What belongs to no field. */
  readonly stray: readonly string[];
  readonly groups: readonly AccessGroup[];
  /** Offers to create this organization. */
  readonly newOrganization?: string | undefined;
  /** Whether that offer was taken. */
  readonly ticked?: boolean;
  readonly defaultMode: string;
  /** Where the command was typed: answers go there. */
  readonly origin: string | undefined;
}

const MODE_LABELS: Readonly<Record<(typeof BUDGET_MODES)[number], string>> = {
  job_based: 'By the job: 1 credit for each',
  consumption_usd: 'By cost: credits per US dollar used',
  consumption_tokens: 'By tokens: credits per tokens used',
};

export function createTeamView(form: CreateForm): ModalView {
  return {
    type: 'modal',
    callback_id: CREATE_TEAM,
    title: plain('Create a team', MODAL_TITLE_MAX),
    submit: plain('Create', MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify({ run: '/team create', origin: form.origin }),
    blocks: [
      ...complaintBlock(form.stray.map((each) => mrkdwn`${each}`)),
      line(form, 'team', 'Team id', {
        placeholder: 'acme-prod',
        hint: 'Never changes. Letters, digits, ".", "_" and "-".',
      }),
      organizationInput(form),
      ...newOrganizationInput(form),
      line(form, 'credits', 'Credits to begin with', { placeholder: '1,000' }),
      groupsInput(form),
      line(form, 'alias', 'Display name', { placeholder: 'Acme, production', optional: true }),
      modeInput(form),
      channelInput(form),
    ],
  };
}

function line(
  form: CreateForm,
  id: 'team' | 'credits' | 'alias',
  label: string,
  rest: { placeholder: string; hint?: string | undefined; optional?: boolean },
): InputBlock {
  return lineInput({
    id,
    label,
    initial: form.typed[id],
    complaint: form.complaints[id],
    ...rest,
  });
}

/** One that could be created stays in it; what is no id at all is chosen anew. */
function organizationInput({ typed, complaints, newOrganization }: CreateForm): InputBlock {
  const isId = complaints.org === undefined || newOrganization !== undefined;
  const hint = 'The customer that it belongs to. Type the id of a new one to create it, too.';
  const look = { id: 'org', label: 'Organization', hint, complaint: complaints.org };
  return lookedUp(look, isId ? typed.org : undefined);
}

function newOrganizationInput({ newOrganization, ticked }: CreateForm): InputBlock[] {
  if (newOrganization === undefined) {
    return [];
  }
  const id = newOrganizationField(newOrganization);
  const choice = option(newOrganization, `Create organization “${newOrganization}”`);
  const element = {
    type: 'checkboxes' as const,
    action_id: id,
    options: [choice],
    ...(ticked === true ? { initial_options: [choice] } : {}),
  };
  return [inputBlock({ id, label: 'New customer?', optional: true }, element)];
}

function groupsInput({ groups, typed, complaints }: CreateForm): InputBlock {
  const look = { id: 'groups', label: 'Access groups', complaint: complaints.groups };
  const hint = 'The team may call the models of its groups and no others.';
  return groupsField({ ...look, hint }, groups, typed.groups);
}

function modeInput({ typed, complaints, defaultMode }: CreateForm): InputBlock {
  const options = BUDGET_MODES.map((mode) => option(mode, MODE_LABELS[mode]));
  const wanted = typed.mode?.toLowerCase().replaceAll('-', '_');
  const initial =
    options.find(({ value }) => value === wanted) ??
    options.find(({ value }) => value === defaultMode);
  return inputBlock(
    { id: 'mode', label: 'Pays', complaint: complaints.mode },
    {
      type: 'static_select',
      action_id: 'mode',
      options,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  );
}

function channelInput({ typed, complaints, origin }: CreateForm): InputBlock {
  const given = /([CG][A-Z0-9]{2,})/.exec(typed.channel ?? origin ?? '')?.[1];
  return inputBlock(
    {
      id: 'channel',
      label: 'Channel for its news and alerts',
      complaint: complaints.channel,
      optional: true,
    },
    {
      type: 'conversations_select',
      action_id: 'channel',
      filter: { include: ['public', 'private'], exclude_bot_users: true },
      ...(given === undefined ? {} : { initial_conversation: given }),
    },
  );
}
