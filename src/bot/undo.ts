// Taking a step back, where that can be honest: what was added is taken away by an entry of its own, under a
// reference that is made of the first one's, so that it happens once however often the button is pressed.

import { deductCredits } from '../core/credits/deduct.ts';
import { isRefusal } from '../core/refusals.ts';
import { MINUTE_MS } from '../core/time.ts';
import type { Speech } from './blocks/kit.ts';
import { tooLateToUndo, undoneBefore, undoneSpeech, undoOfOthers } from './blocks/undo.ts';
import type { UndoValue } from './blocks/undo.ts';
import type { Call } from './call.ts';
import { moneyOf } from './readings.ts';
import { refusalSpeech } from './replies.ts';
import { teamMeant } from './unknown-team.ts';

/** Long enough to see a slip, too short for others to have reckoned with it. */
export const UNDO_WITHIN_MS = 10 * MINUTE_MS;

/** An undo is weighed by nobody, so it is for who did it, and for owners; what speaks against it for others. */
export async function complaintAboutUndo(call: Call, doneBy: string): Promise<Speech | undefined> {
  const isTheirs = call.actor.id === doneBy;
  const isOwner = isTheirs || (await call.bot.roles.complaint(call.userId, 'owner')) === undefined;
  return isOwner ? undefined : undoOfOthers(doneBy);
}

/** Takes a top-up back by a reversing entry. */
export async function undoTopUp(call: Call, value: UndoValue): Promise<void> {
  const { stores } = call.bot;
  const team = await teamMeant(call, value.team);
  if (team === undefined) {
    return;
  }
  const entry = await stores.records.ledger.find(team.id, value.reference);
  if (entry === undefined || stores.clock() > entry.createdAt.getTime() + UNDO_WITHIN_MS) {
    await call.reply(tooLateToUndo(team.id));
    return;
  }
  const complaint = await complaintAboutUndo(call, entry.actor);
  if (complaint !== undefined) {
    await call.reply(complaint);
    return;
  }
  const undone = await deductCredits(stores, call.actor, {
    teamId: team.id,
    amount: entry.amount,
    reason: `Undo: ${entry.reason}`,
    reference: `undo:${value.reference}`,
  });
  if (isRefusal(undone)) {
    await call.reply(refusalSpeech(undone));
    return;
  }
  const money = await moneyOf(stores, team);
  if (undone.repeated) {
    await call.reply(undoneBefore(team.id, undone.entry, money));
    return;
  }
  await call.reply(undoneSpeech(team.id, undone.entry, money), { replace: true });
}
