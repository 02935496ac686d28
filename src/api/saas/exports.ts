// Files of everything of one kind, as long as they are: CSV for spreadsheets, JSON Lines for programs.

import { z } from 'zod';
import { EXPORT_FORMATS, linesOf } from '../../core/exports/lines.ts';
import type { ExportFormat } from '../../core/exports/lines.ts';
import {
  exportedAudit,
  exportedCalls,
  exportedCredits,
  exportedKeys,
  exportedTeams,
} from '../../core/exports/rows.ts';
import type { ExportRow, ExportScope } from '../../core/exports/rows.ts';
import type { Within } from '../../core/permission/caller.ts';
import type { Action } from '../../core/permission/permissions.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { fileAnswer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { NOTHING } from '../shape.ts';
import { MOMENT_GIVEN } from './fields.ts';

const QUERY = z.strictObject({
  format: z.enum(EXPORT_FORMATS).optional(),
  organization_id: z.string().optional(),
  team_id: z.string().optional(),
  from: MOMENT_GIVEN.optional(),
  to: MOMENT_GIVEN.optional(),
});

type Rows = (stores: Stores, scope: ExportScope) => AsyncIterable<readonly ExportRow[]>;

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  jsonl: 'application/jsonl',
};

function exporting(name: string, action: Action, rows: Rows): Endpoint {
  return endpoint({
    isOwn: true,
    summary: `All ${name}, as a file that streams: CSV, or JSON Lines with \`format=jsonl\` or \`Accept: application/jsonl\``,
    action,
    target: 'listed',
    body: NOTHING,
    query: QUERY,
    refusals: ['team_unknown'],
    files: Object.values(TYPES),
    answer: z.looseObject({}),
    async handle({ stores, query, within, accept }) {
      const scope = await scopeOf(stores, query, within);
      if (isRefusal(scope)) {
        return scope;
      }
      const format = query.format ?? formatIn(accept);
      return fileAnswer(TYPES[format], linesOf(rows(stores, scope), format));
    },
  });
}

function formatIn(accept: string | undefined): ExportFormat {
  return /application\/(jsonl|x-ndjson|jsonlines)/.test(accept ?? '') ? 'jsonl' : 'csv';
}

/** What was asked for, as far as the caller sees it. */
async function scopeOf(
  { records }: Stores,
  query: z.output<typeof QUERY>,
  within: Within,
): Promise<ExportScope | Refusal> {
  const { organization_id: organizationId = within.organizationId, from, to } = query;
  const { team_id: teamId = within.teamId } = query;
  const team = teamId === undefined ? undefined : await records.teams.find(teamId);
  const isForeign =
    (within.organizationId !== undefined && organizationId !== within.organizationId) ||
    (within.teamId !== undefined && teamId !== within.teamId) ||
    (teamId !== undefined &&
      within.organizationId !== undefined &&
      team?.organizationId !== within.organizationId);
  if (isForeign) {
    const scope = within.teamId === undefined ? 'organization' : 'team';
    return refuse('row_of_another', { scope });
  }
  if (teamId !== undefined && team === undefined) {
    return refuse('team_unknown', { team: teamId });
  }
  return {
    organizationId,
    teamId,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  };
}

export const exportCallsEndpoint = exporting('calls', 'team.usage', exportedCalls);
export const exportCreditsEndpoint = exporting(
  'lines of the ledger',
  'credits.read',
  exportedCredits,
);
export const exportAuditEndpoint = exporting(
  'lines of the audit trail',
  'system.read',
  exportedAudit,
);
export const exportTeamsEndpoint = exporting('teams', 'team.read', exportedTeams);
export const exportKeysEndpoint = exporting('keys', 'organization.read', exportedKeys);
