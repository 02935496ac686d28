// The form that creates a team: everything that was typed stands in it, each complaint beside its field.

import type { InputBlock, ModalView } from '@slack/types';
import { plain } from '../blocks/kit.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import { BUDGET_MODES } from '../../core/teams/terms.ts';
import { mrkdwn } from '../escape.ts';
import { complaintBlock, MODAL_TITLE_MAX } from './notice.ts';
import { inputBlock, lineInput, option } from './inputs.ts';

export const CREATE_TEAM = 'create_team';
/** The checkbox by which an organization is created, too: of this one, and of no other. */
export function newOrganizationField(organizationId: string): string {
  return `new_org:${organizationId}`;
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
  readonly organizations: readonly string[];
  /** Offers to create this organization. */
  readonly newOrganization?: string | undefined;
  /** Whether that offer was taken. */
  readonly ticked?: boolean;
  readonly defaultMode: string;
  /** Where the command was typed: answers go there. */
  readonly origin: string | undefined;
}

/** Slack's own limit on the choices of a menu. */
const OPTIONS_MAX = 100;
const ORGANIZATIONS_NAMED = 8;

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
      line(form, 'org', 'Organization', { placeholder: 'acme', hint: organizationsHint(form) }),
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
  id: 'team' | 'org' | 'credits' | 'alias',
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

function organizationsHint({ organizations }: CreateForm): string | undefined {
  const shown = organizations.slice(0, ORGANIZATIONS_NAMED).join(', ');
  const more = organizations.length - ORGANIZATIONS_NAMED;
  return shown === '' ? undefined : `There are: ${shown}${more > 0 ? ` … and ${more} more` : ''}`;
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
  if (groups.length === 0) {
    const hint = 'None are configured yet: see "access_groups" in quartermaster.yaml.';
    return lineInput({ ...look, hint, initial: typed.groups });
  }
  const options = groups
    .slice(0, OPTIONS_MAX)
    .map((group) => option(group.name, group.displayName, group.aliases.join(', ')));
  const wanted = (typed.groups ?? '').split(',').map((name) => name.trim());
  const initial = options.filter(({ value }) => wanted.includes(value ?? ''));
  const hint = 'The team may call the models of its groups and no others.';
  return inputBlock(
    { ...look, hint },
    {
      type: 'multi_static_select',
      action_id: 'groups',
      placeholder: plain('Choose groups', OPTIONS_MAX),
      options,
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  );
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
