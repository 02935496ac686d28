// Who sees to an alert, and the buttons with which people say so and take it back.

import type { Button, KnownBlock, StaticSelect } from '@slack/types';
import { SNOOZES } from '../../core/alerts/snooze.ts';
import type { Snooze } from '../../core/alerts/snooze.ts';
import { mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { button, context, menu } from './kit.ts';
import { moment, person } from './words.ts';

export interface AlertHandling {
  readonly episodeId: string;
  /** Whom it mentions; nobody else ever is. */
  readonly owner: string | null;
  readonly seenBy: string | null;
  readonly seenAt: Date | null;
  /** Until when it is silent; null where it is not. */
  readonly snoozedUntil: Date | null;
  readonly snoozedBy: string | null;
}

const SNOOZE_LABELS: Readonly<Record<Snooze, string>> = {
  '1h': '1 hour',
  '4h': '4 hours',
  tomorrow: 'Until tomorrow, 9:00',
  '1d': 'A day',
  '1w': 'A week',
};

/** The owner's name before a text, until somebody sees to it or asked for silence. */
export function mentionOf({ owner, seenBy, snoozedUntil }: AlertHandling): Mrkdwn {
  return owner === null || seenBy !== null || snoozedUntil !== null
    ? mrkdwn``
    : mrkdwn`${mention(owner)} `;
}

export function handlingBlocks(handling: AlertHandling): KnownBlock[] {
  const { owner, seenBy, snoozedUntil, snoozedBy } = handling;
  const asked = owner === null || seenBy !== null ? [] : [mrkdwn`Owner: ${mention(owner)}`];
  const silent =
    snoozedUntil === null
      ? []
      : [mrkdwn`🔕 silent until ${moment(snoozedUntil)}${byText(snoozedBy)}`];
  const said = [...seenText(handling, 'sees'), ...asked, ...silent];
  return said.length === 0 ? [] : [context(...said)];
}

/** What stays to be said of it when it is over. */
export function handledBlocks(handling: AlertHandling): KnownBlock[] {
  const said = seenText(handling, 'saw');
  return said.length === 0 ? [] : [context(...said)];
}

function seenText({ seenBy, seenAt }: AlertHandling, verb: 'sees' | 'saw'): Mrkdwn[] {
  if (seenBy === null || seenAt === null) {
    return [];
  }
  const who = mrkdwn`👀 ${person(seenBy)} ${verb} to it`;
  return [
    verb === 'saw'
      ? mrkdwn`${who}, from ${moment(seenAt)} on`
      : mrkdwn`${who} since ${moment(seenAt)}`,
  ];
}

function byText(actor: string | null): Mrkdwn {
  return actor === null ? mrkdwn`` : mrkdwn`, by ${person(actor)}`;
}

export function handlingButtons(handling: AlertHandling): (Button | StaticSelect)[] {
  const { episodeId, seenBy, snoozedUntil } = handling;
  const see =
    seenBy === null
      ? button({ id: 'alert_seen', label: "I'm on it", value: episodeId })
      : button({ id: 'alert_hand_back', label: 'Hand back', value: episodeId });
  const snooze =
    snoozedUntil === null
      ? menu({
          id: 'alert_snooze',
          placeholder: 'Snooze',
          options: SNOOZES.map((each) => [`${each} ${episodeId}`, SNOOZE_LABELS[each]] as const),
        })
      : button({ id: 'alert_wake', label: 'End silence', value: episodeId });
  return [see, snooze];
}

/** What was chosen to silence an alert; undefined of anything else. */
export function snoozeOf(
  value: string | undefined,
): { readonly snooze: Snooze; readonly episodeId: string } | undefined {
  const [word = '', episodeId = ''] = value?.split(' ') ?? [];
  const snooze = SNOOZES.find((each) => each === word);
  return snooze === undefined || episodeId === '' ? undefined : { snooze, episodeId };
}
