import { ADMINISTRATORS, OPERATORS } from '../../core/posts/post.ts';
import { channelLink, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** A place of posts, as people call it. */
export function placeName(place: string): Mrkdwn {
  switch (place) {
    case OPERATORS:
      return mrkdwn`the operators' channel`;
    case ADMINISTRATORS:
      return mrkdwn`the owners`;
    default:
      return /^[UW]/.test(place) ? mention(place) : channelLink(place);
  }
}
