// A change to many teams that was confirmed: done team by team, with progress where it stands.

import { runBulk } from '../core/bulk/run-bulk.ts';
import { undoBulk } from '../core/bulk/undo-bulk.ts';
import { isRefusal } from '../core/refusals.ts';
import type { BulkPreview } from '../core/bulk/bulk-plan.ts';
import { bulkPreview, bulkProgress, bulkReport, bulkUndone, TEAMS_SHOWN } from './blocks/bulk.ts';
import { bulkPreviewCsv, bulkReportCsv } from './bulk-csv.ts';
import type { Call } from './call.ts';
import { sendFile } from './files.ts';
import { refusalSpeech } from './replies.ts';
import { complaintAboutUndo } from './undo.ts';

/** Takes back what a plan did, and reports what became of each team. */
export async function revertBulk(call: Call, planId: string): Promise<void> {
  const plan = await call.bot.stores.records.bulkPlans.find(planId);
  const complaint = plan && (await complaintAboutUndo(call, plan.actor));
  if (complaint !== undefined) {
    await call.reply(complaint);
    return;
  }
  const undone = await undoBulk(call.bot.stores, call.actor, planId);
  const said = isRefusal(undone) ? refusalSpeech(undone) : bulkUndone(undone.plan, undone.outcomes);
  await call.reply(said, { replace: true });
}

/** What exactly would become of each team: in a message, and all of them in a file where it has no room. */
export async function previewBulk(call: Call, preview: BulkPreview): Promise<void> {
  await call.reply(bulkPreview(preview, call.bot.stores.clock()));
  if (preview.lines.length > TEAMS_SHOWN) {
    await sendCsv(call, 'preview', bulkPreviewCsv(preview));
  }
}

const TITLES = { preview: 'What would change', report: 'What became of each team' } as const;

async function sendCsv(call: Call, what: keyof typeof TITLES, csv: string): Promise<void> {
  const file = { name: `bulk-${what}.csv`, title: TITLES[what], content: Buffer.from(csv) };
  await sendFile(call.bot, call.userId, file);
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
  if (!isRefusal(ran) && ran.outcomes.length > TEAMS_SHOWN) {
    await sendCsv(call, 'report', bulkReportCsv(ran.outcomes));
  }
}
