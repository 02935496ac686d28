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
  return filled(REFUSALS[refusal.refused].cure, refusal);
}

/** A fact with its backticks, a fact alone, or what stands between facts. */
const PIECE = /`\{\w+\}`|\{\w+\}|[^`{]+|[`{]/g;

function filled(template: string, refusal: Refusal): Mrkdwn {
  const { facts } = inSlackWords(refusal);
  const pieces = template.match(PIECE) ?? [];
  const said = pieces.map((piece): Mrkdwn => {
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

/** Which argument of a command a refusal is about, by its name; undefined if it is about none. */
export function argumentOf(refusal: Refusal): string | undefined {
  const { field } = inSlackWords(refusal).facts;
  return field === undefined ? ARGUMENT_OF_CODE[refusal.refused] : String(field);
}

const ARGUMENT_OF_CODE: Readonly<Partial<Record<Refusal['refused'], string>>> = {
  team_unknown: 'team',
  team_exists: 'team',
  organization_unknown: 'org',
  organization_exists: 'org',
  access_group_unknown: 'groups',
  charge_unknown: 'call',
  credits_not_spendable: 'credits',
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
