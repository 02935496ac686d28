import { ADMINISTRATORS, OPERATORS } from '../../core/posts/post.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { context, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { channelLink, code, joined, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** How many teams are named; the others are counted. */
const TEAMS_SHOWN = 10;

/** For who can mend it: which channel, whose news, where they go meanwhile, and what to do. */
export async function lostPlacePost(
  { records }: Stores,
  [first]: readonly Post<'place.lost'>[],
): Promise<Speech | undefined> {
  if (first === undefined) {
    return undefined;
  }
  const { place, complaint, elsewhere } = first.facts;
  const teams = await records.teams.list({ channelId: place, limit: TEAMS_SHOWN });
  const whose =
    teams.length === 0
      ? mrkdwn``
      : mrkdwn` of ${joined(
          teams.map((team) => code(team.id)),
          ', ',
        )}`;
  const name = place === OPERATORS ? mrkdwn`the operators' channel` : channelLink(place);
  return sentence(
    mrkdwn`⚠️ I can't post into ${name}: ${REASONS[complaint] ?? complaint}. What was to be said there${whose} goes to ${joined(elsewhere.map(placeName))} instead.`,
    context(
      mrkdwn`${CURES[complaint] ?? CURE} It is tried again with each message; you are told this once.`,
    ),
  );
}

const REASONS: Readonly<Record<string, string>> = {
  is_archived: 'it is archived',
  not_in_channel: 'I am not in it',
  channel_not_found: 'there is no such channel that I can see',
  restricted_action: 'posting there is restricted',
};
const CURE = 'Link another channel to the team.';
const CURES: Readonly<Record<string, string>> = {
  is_archived: 'Unarchive it, or link another channel to the team.',
  not_in_channel: 'Invite me there with /invite.',
  channel_not_found: 'If it is private, invite me there with /invite; else link another channel.',
};

function placeName(place: string): Mrkdwn {
  if (place === OPERATORS) {
    return mrkdwn`the operators' channel`;
  }
  if (place === ADMINISTRATORS) {
    return mrkdwn`the managers`;
  }
  return /^[UW]/.test(place) ? mention(place) : channelLink(place);
}
