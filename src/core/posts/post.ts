// A post is something to be said in Slack. It is written in the transaction of the change that it tells
// of, so that neither is without the other, and said by the worker: once, and in order for each place.

import type { AskedRequest } from '../asking/asked-request.ts';
import type { DigestEvery } from '../digests/digest.ts';
import type { PriceChange } from '../pricing/refresh-prices.ts';
import type { AlertStep } from '../alerts/episode.ts';
import type { ChangeNews } from './change-news.ts';

export interface DigestFacts {
  readonly subject: string;
  readonly every: DigestEvery;
  readonly from: string;
  readonly to: string;
  /** How many before it were due and never told. */
  readonly missed?: number;
}

/** What each kind of post remembers; the rest is read when it is said. */
export interface PostFacts {
  /** A change of a team, or of its organization. */
  readonly 'change.news': ChangeNews;
  /** The one message of an alert, from its beginning to its end. */
  readonly alert: { readonly episodeId: string };
  /** How a team or an organization did within some days (see core/digests). */
  readonly digest: DigestFacts;
  /** The figures of the same days, as a file. */
  readonly 'digest.file': DigestFacts;
  /** A day after a customer began: whether the first call came. */
  readonly 'onboarding.day_after': { readonly organizationId: string };
  /** What happened to it, in the thread of its message. */
  readonly 'alert.step': { readonly episodeId: string; readonly step: AlertStep };
  /** The one message of a proposal in a place. */
  readonly proposal: { readonly proposalId: string };
  /** That it still waits, in the thread of that message; `called` are people and user groups. */
  readonly 'proposal.reminder': {
    readonly proposalId: string;
    readonly called: readonly string[];
  };
  /** What somebody asks about it. */
  readonly 'proposal.question': {
    readonly proposalId: string;
    /** The actor. */
    readonly by: string;
    readonly question: string;
  };
  /** A channel that can't be posted in any more, told to those who can mend it. */
  readonly 'place.lost': {
    readonly place: string;
    /** Slack's word for it. */
    readonly complaint: string;
    /** Where its news go meanwhile. */
    readonly elsewhere: readonly string[];
  };
  /** A period of a budget that is over, told to a team that asked for it. */
  readonly 'budget.ended': {
    readonly subject: string;
    readonly meter: string;
    readonly startsAt: string;
  };
  /** The price package says something else than it did. */
  readonly 'prices.changed': {
    readonly version: string;
    /** False where the configuration holds prices. */
    readonly isApplied: boolean;
    readonly changes: readonly PriceChange[];
  };
  /** What a person was to be told at once, while Slack took nothing. */
  readonly 'answer.late': {
    readonly said: string;
    /** In ms since 1970. */
    readonly askedAtMs: number;
  };
  /** A link that this person made was opened, and the key behind it is known to whoever did. */
  readonly 'key.revealed': {
    readonly teamId: string;
    readonly keyId: string;
    readonly lastFour: string;
    /** The actor, as the audit trail names it. */
    readonly by: string;
    /** In ms since 1970. */
    readonly atMs: number;
  };
  /** What a person asked for when the process at work on it was killed. */
  readonly 'request.broken_off': Omit<AskedRequest, 'id' | 'userId'>;
  /** A task of the worker that keeps failing, until it is well again. */
  readonly 'task.failing': {
    readonly task: string;
    /** In ms since 1970. */
    readonly sinceMs: number;
    /** What to do about it. */
    readonly cure: string;
  };
}
export type PostKind = keyof PostFacts;

/**
 * `say`: a message of its own. `keep`: the one message of this name, made or brought up to date. `reply`:
 * into the thread of the message of this name.
 */
export type Manner = 'say' | 'keep' | 'reply';

/** Where alerts go whose team and organization have no channel: the configuration names it. */
export const OPERATORS = 'operators';
/** Each administrator, in a conversation with the bot: where nothing else is left. */
export const ADMINISTRATORS = 'administrators';

/** What somebody wants to be said. */
export interface PostWish<Kind extends PostKind = PostKind> {
  /** A channel (`C…`, `G…`), a person (`U…`, `W…`), OPERATORS or ADMINISTRATORS. */
  readonly place: string;
  readonly kind: Kind;
  readonly facts: PostFacts[Kind];
  readonly manner?: Manner;
  /** Names the message of `keep` and `reply`. */
  readonly message?: string;
  /** What waits under the same key becomes one message. */
  readonly mergeKey?: string;
  /** Whose news it is: where this place can't be reached, its other places are tried. */
  readonly teamId?: string;
  /** The same, where it is the news of no single team. */
  readonly organizationId?: string;
  /** Not before; at once where absent. */
  readonly due?: Date;
}

/** A post that waits. */
export interface Post<Kind extends PostKind = PostKind> {
  readonly id: bigint;
  readonly place: string;
  readonly kind: Kind;
  readonly facts: PostFacts[Kind];
  readonly manner: Manner;
  readonly message: string | null;
  readonly mergeKey: string | null;
  readonly teamId: string | null;
  readonly organizationId: string | null;
  readonly createdAt: Date;
  /** When Slack was first asked with no clear answer: it may have been said. */
  readonly triedAt: Date | null;
  /** How often Slack was asked. */
  readonly tries: number;
  /** The file that it was last asked to show; null where it shows none. */
  readonly fileId: string | null;
}

/** Where a message stands in Slack. */
export interface Spot {
  readonly channelId: string;
  readonly stamp: string;
}

/** Why a post is over with. */
export type Outcome = 'said' | 'moved' | 'needless' | 'given_up';
