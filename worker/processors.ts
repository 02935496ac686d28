// The worker's table of contents: which code runs which task.

import type { PayloadOf, TaskName } from '../src/queue/tasks.ts';
import { expireCredits, refillCredits, suspendTeamsWithoutCredits } from './processors/credits.ts';
import { liftEndedStatuses } from './processors/lift-statuses.ts';
import { expireAbandonedJobs } from './processors/expire-jobs.ts';
import { makeUsageMonths, pruneRecords } from './processors/keep-records.ts';
import { refreshModelPrices } from './processors/refresh-prices.ts';
import { endPeriods } from './processors/end-periods.ts';
import { noteEndsOfKeys } from './processors/note-key-ends.ts';
import { reapReservations } from './processors/reap-reservations.ts';
import { reconcileEverything } from './processors/reconcile.ts';
import { sendDueDigests } from './processors/send-digests.ts';
import { turnOverResolved } from './processors/turn-over-resolved.ts';
import { carryProposal, lapseOldProposals } from './processors/proposals.ts';
import { verifyAuditTrail } from './processors/verify-audit.ts';
import { verifyLedger } from './processors/verify-ledger.ts';
import { watchAlerts, watchOtherAlerts } from './processors/watch-alerts.ts';
import type { WorkerParts } from './parts.ts';

export type Processor<Name extends TaskName> = (
  parts: WorkerParts,
  payload: PayloadOf<Name>,
) => Promise<void>;

export const PROCESSORS: { readonly [Name in TaskName]: Processor<Name> } = {
  'carry-proposal': carryProposal,
  'lapse-proposals': lapseOldProposals,
  'lift-statuses': liftEndedStatuses,
  'reap-reservations': reapReservations,
  'turn-over-resolved': turnOverResolved,
  'expire-jobs': expireAbandonedJobs,
  reconcile: reconcileEverything,
  'make-usage-months': makeUsageMonths,
  prune: pruneRecords,
  'note-key-ends': noteEndsOfKeys,
  'end-budget-periods': endPeriods,
  'refresh-prices': refreshModelPrices,
  'verify-ledger': verifyLedger,
  'verify-audit': verifyAuditTrail,
  'expire-credits': expireCredits,
  'send-digests': sendDueDigests,
  'refill-credits': refillCredits,
  'suspend-without-credits': suspendTeamsWithoutCredits,
  'watch-alerts': watchAlerts,
  'watch-other-alerts': watchOtherAlerts,
};
