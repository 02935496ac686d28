// The channel of a team hears of every change, whichever door it came through: what the audit trail keeps
// is what the news are made of.

import type { AuditLine } from '../audit/audit.ts';
import { SIGN_IN_ACTOR } from '../keys/sign-in-key.ts';

/** A line of the audit trail, as a channel is told of it. */
export interface ChangeNews {
  readonly action: string;
  readonly target: string;
  /** Whose channel it is, where it is the channel of a team: the target may be its key. */
  readonly teamId: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** The channels of a team, of the team of a key, or of all teams of an organization. */
export interface NewsAudience {
  readonly kind: 'organization' | 'team' | 'key';
  readonly id: string;
}

/** Everyday events that would drown the news: a link was opened, a person signed in. */
const UNTOLD_ACTIONS: ReadonlySet<string> = new Set(['key.revealed']);

/** Proposals, alerts and digests have messages of their own; what comes of a proposal is news. */
const TOLD_ELSEWHERE = ['proposal.', 'alert.', 'digest.'] as const;

/** What a line is to whom, if it is news for any; to be queued in the change that the line tells of. */
export function newsIn(
  line: AuditLine,
): { readonly audience: NewsAudience; readonly news: Omit<ChangeNews, 'teamId'> } | undefined {
  const audience = audienceOf(line);
  return audience === undefined ? undefined : { audience, news: newsOf(line) };
}

/** Whose channels hear of this; undefined where it is no news for any. */
function audienceOf({ action, actor, target }: AuditLine): NewsAudience | undefined {
  const [, kind = '', id = ''] = /^([a-z]+):([^/]+)/.exec(target) ?? [];
  const isToldElsewhere = TOLD_ELSEWHERE.some((subject) => action.startsWith(subject));
  if (UNTOLD_ACTIONS.has(action) || isToldElsewhere || actor.id === SIGN_IN_ACTOR.id) {
    return undefined;
  }
  switch (kind) {
    case 'organization':
    case 'team':
    case 'key':
      return { kind, id };
    case 'member':
      return { kind: 'team', id };
    default:
      return undefined;
  }
}

/** What the news remember; the storage adds the team. */
function newsOf(line: AuditLine): Omit<ChangeNews, 'teamId'> {
  return {
    action: line.action,
    target: line.target,
    actor: line.actor.id,
    reason: line.reason ?? null,
    before: line.before ?? null,
    after: line.after ?? null,
  };
}
