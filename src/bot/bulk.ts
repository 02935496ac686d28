// A change to many teams that was confirmed: done team by team, with progress where it stands.

import { runBulk } from '../core/bulk/run-bulk.ts';
import { undoBulk } from '../core/bulk/undo-bulk.ts';
import { isRefusal } from '../core/refusals.ts';
import { bulkProgress, bulkReport, bulkUndone } from './blocks/bulk.ts';
import type { Call } from './call.ts';
import { refusalSpeech } from './replies.ts';

/** Takes back what a plan did, and reports what became of each team. */
export async function revertBulk(call: Call, planId: string): Promise<void> {
  const undone = await undoBulk(call.bot.stores, call.actor, planId);
  const said = isRefusal(undone) ? refusalSpeech(undone) : bulkUndone(undone.plan, undone.outcomes);
  await call.reply(said, { replace: true });
}

/** Slack lets an answer be changed five times; the last one is for the report. */
const PROGRESS_TOLD = 3;

/** Does what the plan says, and reports what became of each team. */
export async function confirmBulk(call: Call, planId: string): Promise<void> {
  const ran = await runBulk(call.bot.stores, call.actor, planId, async (outcomes, plan) => {
    const step = Math.ceil(plan.teamIds.length / (PROGRESS_TOLD + 1));
    if (outcomes.length % step === 0 && outcomes.length < plan.teamIds.length) {
      await call.reply(bulkProgress(plan, outcomes.length), { replace: true });
    }
  });
  await call.reply(isRefusal(ran) ? refusalSpeech(ran) : bulkReport(ran.plan, ran.outcomes), {
    replace: true,
  });
}
