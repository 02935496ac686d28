import type { Button } from '@slack/types';
import { mrkdwn } from '../escape.ts';
import { button, sentence } from './kit.ts';
import type { Speech } from './kit.ts';

/** Ends a question without an effect. */
export function cancelButton(): Button {
  return button({ id: 'cancel', label: 'Cancel' });
}

/** What stands in the place of a question that was answered so. */
export function cancelledSpeech(): Speech {
  return sentence(mrkdwn`Cancelled. Nothing was changed.`);
}
