// Every team of a change to many, one line each: what a message has no room for.

import type { BulkAction, BulkOutcome, BulkPreview } from '../core/bulk/bulk-plan.ts';
import { csvLine } from '../core/exports/lines.ts';
import { creditsCell } from '../core/exports/usage-cells.ts';

/** What exactly would become of each. */
export function bulkPreviewCsv({ plan, lines }: BulkPreview): string {
  const rows = lines.map(({ team, balance }) => [
    team.organizationId,
    team.id,
    team.status,
    creditsCell(balance),
    plan.action.kind,
    wordsOf(plan.action),
  ]);
  const head = ['organization', 'team', 'status_now', 'credits_now', 'change', 'to'];
  return [head, ...rows].map(csvLine).join('');
}

/** What became of each. */
export function bulkReportCsv(outcomes: readonly BulkOutcome[]): string {
  const rows = outcomes.map((one) => [one.teamId, one.is, one.is === 'refused' ? one.why : '']);
  return [['team', 'outcome', 'why'], ...rows].map(csvLine).join('');
}

function wordsOf(action: BulkAction): string {
  switch (action.kind) {
    case 'suspend':
      return 'suspended';
    case 'pause':
      return 'paused';
    case 'resume':
      return 'active';
    case 'topup':
      return `${creditsCell(action.microcredits)} credits more`;
    case 'allow':
    case 'deny':
      return action.names.join(', ');
  }
}
