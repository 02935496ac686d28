// Refusals as people in Slack read them: the catalogue's markup holds, that in the facts does not.

import { REFUSALS, slackSentence } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { RefusalKind } from '../core/refusals/kind.ts';
import { code, escaped, joined, mrkdwn } from './escape.ts';
import type { Mrkdwn } from './escape.ts';

/** The sentence of a refusal, with its code spans. */
export function refusalText(refusal: Refusal): Mrkdwn {
  const kind: RefusalKind = REFUSALS[refusal.refused];
  return filled(kind.slack ?? kind.message, refusal);
}

/** What to do about it. */
export function cureText(refusal: Refusal): Mrkdwn {
  const kind: RefusalKind = REFUSALS[refusal.refused];
  return filled(kind.slackCure ?? kind.cure, refusal);
}

/** A fact with its backticks, a command in its quotation marks, a fact alone, or what stands between them. */
const PIECE = /`\{\w+\}`|"\/[^"]+"|\{\w+\}|[^`"{]+|[`"{]/g;

function filled(template: string, refusal: Refusal): Mrkdwn {
  const { facts } = inSlackWords(refusal);
  const pieces = template.match(PIECE) ?? [];
  const said = pieces.map((piece): Mrkdwn => {
    if (piece.startsWith('"/')) {
      // A command that is to be copied looks like one.
      return code(piece.slice(1, -1).replaceAll(/\{(\w+)\}/g, (_, name) => String(facts[name])));
    }
    const fact = facts[/\{(\w+)\}/.exec(piece)?.[1] ?? ''];
    if (fact === undefined) {
      return { mrkdwn: escaped(piece) };
    }
    return piece.startsWith('`') ? code(String(fact)) : mrkdwn`${fact}`;
  });
  return joined(said, '');
}

/** The sentence as plain text, for where Slack shows no markup: beside a field of a form. */
export function plainRefusal(refusal: Refusal): string {
  return slackSentence(inSlackWords(refusal)).replaceAll(/`([^`]*)`/g, '“$1”');
}

/** The same beside its field, which need not be named again. */
export function besideField(refusal: Refusal): string {
  const { complaint } = inSlackWords(refusal).facts;
  return refusal.refused === 'value_invalid' && complaint !== undefined
    ? String(complaint)
    : plainRefusal(refusal);
}

/** Which arguments of a command a refusal may be about, the likeliest first; none if it is about none. */
export function argumentsOf(refusal: Refusal): readonly string[] {
  const { field } = inSlackWords(refusal).facts;
  return field === undefined
    ? (ARGUMENTS_OF_CODE[refusal.refused] ?? [])
    : [String(field), ...(ALSO_NAMED[String(field)] ?? [])];
}

/** Words for people differ by command: whom a refusal calls a user is an owner here and a member there. */
const PEOPLE = ['person', 'member', 'owner', 'user', 'remove', 'add'] as const;

/** What else core's name for a field may be called here. */
const ALSO_NAMED: Readonly<Record<string, readonly string[]>> = {
  models: ['only', 'add'],
  alias: ['models', 'add'],
  user: ['new', ...PEOPLE],
  owner: ['email', 'name'],
};

const ARGUMENTS_OF_CODE: Readonly<Partial<Record<Refusal['refused'], readonly string[]>>> = {
  team_unknown: ['team'],
  team_exists: ['team'],
  organization_unknown: ['org'],
  end_user_unknown: ['enduser'],
  organization_exists: ['org'],
  access_group_unknown: ['groups', 'group'],
  access_group_exists: ['group'],
  access_group_in_use: ['group'],
  model_exists: ['model'],
  model_alias_unknown: ['models', 'add', 'model'],
  plan_unknown: ['plan'],
  plan_exists: ['plan'],
  user_unknown: PEOPLE,
  member_unknown: PEOPLE,
  member_exists: ['add', 'new'],
  user_exists: ['new'],
  charge_unknown: ['call'],
  credits_not_spendable: ['credits'],
};

/** What the management API calls a field, and what people type. */
const SLACK_NAMES: Readonly<Record<string, string>> = {
  team_id: 'team',
  team_alias: 'alias',
  organization_id: 'org',
  to_team_id: 'to',
  amount: 'credits',
  expires_at: 'expires',
  grace_until: 'grace',
  monthly_max: 'max',
  time_zone: 'zone',
  model_aliases: 'alias',
  addresses: 'from',
  user_email: 'owner',
  user_name: 'owner',
  credits_per_dollar: 'credits-per-dollar',
  tokens_per_credit: 'tokens-per-credit',
  markup_percent: 'markup',
  budget_mode: 'mode',
  group_name: 'group',
  display_name: 'title',
  model_alias: 'model',
  actual_model: 'upstream',
  pricing_input: 'input',
  pricing_output: 'output',
  'pricing_input or pricing_output': 'input',
  pricing: 'output',
  max_output_tokens: 'max-output',
  credential_name: 'credential',
  api_base: 'base',
  usage_retention_days: 'retention',
  budget_id: 'plan',
};

function inSlackWords(refusal: Refusal): Refusal {
  const { field, complaint, ...facts } = refusal.facts;
  return {
    ...refusal,
    facts: {
      ...facts,
      ...(field === undefined ? {} : { field: SLACK_NAMES[String(field)] ?? field }),
      // Straight quotation marks are the API's; messages to people have curly ones.
      ...(complaint === undefined
        ? {}
        : { complaint: String(complaint).replaceAll(/"([^"]*)"/g, '“$1”') }),
    },
  };
}
