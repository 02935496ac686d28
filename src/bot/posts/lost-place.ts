import type { Digest } from '../../core/digests/digest.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { context, section, sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { placeName } from '../blocks/place-name.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** How many teams and organizations are named: enough to know whose channel it is. */
const SHOWN = 10;

/** More digests than any installation has; a channel that is lost is rare, so they are read whole. */
const DIGESTS_LOOKED_AT = 1_000;

/** For who can mend it: which channel, whose news, where they go meanwhile, and what to do. */
export async function lostPlacePost(
  { records }: Stores,
  [first]: readonly Post<'place.lost'>[],
): Promise<Speech | undefined> {
  if (first === undefined) {
    return undefined;
  }
  const { place, complaint, elsewhere } = first.facts;
  const teams = await records.teams.list({ channelId: place, limit: SHOWN });
  const organizations = (await records.organizations.list())
    .filter(({ channelId }) => channelId === place)
    .slice(0, SHOWN);
  const digests = (await records.digests.list(DIGESTS_LOOKED_AT))
    .filter(({ channelId }) => channelId === place)
    .slice(0, SHOWN);
  const talking = teams.filter(({ status }) => status !== 'archived');
  const names = [...organizations, ...talking].map(({ id }) => code(id));
  const whose = names.length === 0 ? mrkdwn`` : mrkdwn` of ${joined(names, ', ')}`;
  const { verb, reason, cure } = /^[UW]/.test(place) ? A_PERSON : aChannel(complaint);
  return sentence(
    mrkdwn`⚠️ I can't ${verb} ${placeName(place)}: ${reason}. What was to be said there${whose} goes to ${joined(elsewhere.map(placeName))} instead.`,
    ...(digests.length === 0 ? [] : [section(digestsText(digests))]),
    context(mrkdwn`${cure} It is tried again with each message; you are told this once.`),
  );
}

/** A channel may be nobody's own and have asked for digests all the same. */
function digestsText(digests: readonly Digest[]): Mrkdwn {
  const lines = digests.map(({ channelId, subject, every }) => {
    const [command, id] =
      subject.kind === 'team' ? ['/team', subject.teamId] : ['/org', subject.organizationId];
    return mrkdwn`• ${every}, of ${code(id)}: ${code(`${command} digest ${id} off channel=${channelId}`)} ends it`;
  });
  return mrkdwn`*Digests that were asked for there*\n${joined(lines, '\n')}`;
}

const A_PERSON = {
  verb: 'write to',
  reason: 'the account is deactivated, or takes no messages from apps',
  cure: 'If they have left, take them out of the roles and alerts that name them.',
};

function aChannel(complaint: string) {
  const reason = REASONS[complaint] ?? complaint;
  return { verb: 'post into', reason, cure: CURES[complaint] ?? CURE };
}

const REASONS: Readonly<Record<string, string>> = {
  is_archived: 'it is archived',
  not_in_channel: 'I am not in it',
  channel_not_found: 'there is no such channel that I can see',
  restricted_action: 'posting there is restricted',
};
const CURE = 'Link another channel to the team or organization.';
const CURES: Readonly<Record<string, string>> = {
  is_archived: 'Unarchive it, or link another channel.',
  not_in_channel: 'Invite me there with /invite.',
  channel_not_found: 'If it is private, invite me there with /invite; else link another channel.',
};
