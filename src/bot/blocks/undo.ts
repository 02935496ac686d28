import type { Button } from '@slack/types';
import type { CreditEntry } from '../../core/credits/entry.ts';
import { code, mrkdwn } from '../escape.ts';
import type { Money } from '../readings.ts';
import { actions, button, context, sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { objectIn, runButton } from './run-button.ts';
import { credits, roundedCredits, person } from './words.ts';

/** What an Undo button carries: which entry of which team it takes back. */
export interface UndoValue {
  readonly team: string;
  readonly reference: string;
}

export function undoButton(value: UndoValue): Button {
  return button({ id: 'undo_top_up', label: 'Undo', value: JSON.stringify(value) });
}

export function undoValueOf(value: string | undefined): UndoValue | undefined {
  const parsed = objectIn(value);
  return typeof parsed?.['team'] === 'string' && typeof parsed['reference'] === 'string'
    ? { team: parsed['team'], reference: parsed['reference'] }
    : undefined;
}

/** For the person who took it back. */
export function undoneSpeech(teamId: string, entry: CreditEntry, money: Money): Speech {
  return sentence(
    mrkdwn`↩️ Undone: ${credits(-entry.amount)} taken back from ${code(teamId)}, now ${roundedCredits(money.spendable)} spendable.`,
    context(mrkdwn`Both entries stand in the ledger. Reason: ${entry.reason}`),
    actions(runButton('Show credits', `/team credits ${teamId}`)),
  );
}

/** For who pressed after it was done. */
export function undoneBefore(teamId: string, entry: CreditEntry, money: Money): Speech {
  return sentence(
    mrkdwn`${person(entry.actor)} undid this before. *Nothing was taken now*; ${code(teamId)} has ${roundedCredits(money.spendable)}.`,
  );
}

/** For who neither did it nor is an owner. */
export function undoOfOthers(doneBy: string): Speech {
  return sentence(
    mrkdwn`Only ${person(doneBy)}, who did it, or an owner can undo it with this button. Nothing was changed.`,
  );
}

/** For a button of long ago. */
export function tooLateToUndo(teamId: string): Speech {
  return sentence(
    mrkdwn`It is too late to undo this with a button. Nothing was changed.`,
    context(mrkdwn`Take credits away with ${code(`/team credits deduct ${teamId}`)}.`),
    actions(runButton('Deduct credits', `/team credits deduct ${teamId}`)),
  );
}
