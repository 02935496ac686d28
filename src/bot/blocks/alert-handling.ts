// Who sees to an alert, and the buttons with which people say so.

import type { Button, KnownBlock } from '@slack/types';
import { mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { button, context } from './kit.ts';
import { moment, person } from './words.ts';

export interface AlertHandling {
  readonly episodeId: string;
  /** Whom it mentions; nobody else ever is. */
  readonly owner: string | null;
  readonly seenBy: string | null;
  readonly seenAt: Date | null;
  /** Until when it is silent; null where it is not. */
  readonly snoozedUntil: Date | null;
}

export const SNOOZE_HOURS = 4;

/** The owner's name before a text, until somebody sees to it. */
export function mentionOf({ owner, seenBy }: AlertHandling): Mrkdwn {
  return owner === null || seenBy !== null ? mrkdwn`` : mrkdwn`${mention(owner)} `;
}

export function handlingBlocks({
  owner,
  seenBy,
  seenAt,
  snoozedUntil,
}: AlertHandling): KnownBlock[] {
  const seen = seenBy === null ? [] : [mrkdwn`👀 ${person(seenBy)} sees to it${atText(seenAt)}`];
  const asked = owner === null || seenBy !== null ? [] : [mrkdwn`Owner: ${mention(owner)}`];
  const silent = snoozedUntil === null ? [] : [mrkdwn`🔕 silent until ${moment(snoozedUntil)}`];
  const said = [...seen, ...asked, ...silent];
  return said.length === 0 ? [] : [context(...said)];
}

function atText(at: Date | null): Mrkdwn {
  return at === null ? mrkdwn`` : mrkdwn` since ${moment(at)}`;
}

export function handlingButtons({ episodeId, seenBy, snoozedUntil }: AlertHandling): Button[] {
  const see = button({ id: 'alert_seen', label: "I'm on it", value: episodeId });
  const snooze = button({
    id: 'alert_snooze',
    label: `Snooze ${SNOOZE_HOURS} h`,
    value: episodeId,
  });
  return [...(seenBy === null ? [see] : []), ...(snoozedUntil === null ? [snooze] : [])];
}
