// Refusals as people in Slack read them: the catalogue's markup holds, that in the facts does not.

import { REFUSALS } from '../core/refusals.ts';
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

function filled(template: string, { facts }: Refusal): Mrkdwn {
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
