// Everything of one kind, page by page, for files that people keep: a page is read when the one before has left, so
// memory holds one page however many rows there are. Pages follow ids, so what is made meanwhile moves nothing.

import type { AuditEntry } from '../audit/audit-records.ts';
import type { Behind } from '../keyset.ts';
import { creditsToNumber, usdToNumber } from '../money.ts';
import type { Stores } from '../stores.ts';
import type { Team } from '../teams/team.ts';
import type { UsedCall } from '../usage/used-call.ts';
import type { VirtualKey } from '../keys/virtual-key.ts';

/** Names and values of one line; every line of an export has the same names. */
export type ExportRow = Readonly<Record<string, string | number | null>>;

/** What is exported; undefined is no bound. */
export interface ExportScope {
  readonly organizationId?: string | undefined;
  readonly teamId?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** As many as leave in one piece: a few milliseconds of work, for which the calls of this process wait. */
export const EXPORT_PAGE_ROWS = 200;

type Page = readonly ExportRow[];

/** Calls, the oldest first. */
export async function* exportedCalls(stores: Stores, scope: ExportScope): AsyncGenerator<Page> {
  const { organizationId, teamId, from = new Date(0), to = new Date(stores.clock()) } = scope;
  for (let after: string | undefined; ;) {
    const calls = await stores.records.usage.callsAfter({
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(teamId === undefined ? {} : { teamId }),
      ...(after === undefined ? {} : { after }),
      from,
      to,
      limit: EXPORT_PAGE_ROWS,
    });
    yield calls.map(callRow);
    after = calls.at(-1)?.id;
    if (calls.length < EXPORT_PAGE_ROWS) {
      return;
    }
  }
}

function callRow(call: UsedCall): ExportRow {
  return {
    call_id: call.id,
    organization_id: call.organizationId,
    team_id: call.teamId,
    key_id: call.keyId,
    user_id: call.userId,
    model: call.model,
    job_type: call.jobType,
    outcome: call.outcome,
    input_tokens: Number(call.inputTokens),
    output_tokens: Number(call.outputTokens),
    cost_usd: usdToNumber(call.costNanoUsd),
    started_at: call.startedAt.toISOString(),
    ended_at: call.endedAt.toISOString(),
  };
}

/** Teams in the order of their ids; a range is of when they were made. */
export async function* exportedTeams(stores: Stores, scope: ExportScope): AsyncGenerator<Page> {
  const { from, to } = scope;
  for await (const teams of teamsIn(stores, scope, { from, to })) {
    yield teams.map((team) => ({
      team_id: team.id,
      organization_id: team.organizationId,
      team_alias: team.alias,
      status: team.status,
      access_groups: team.accessGroups.join(' '),
      models: team.models.join(' '),
      budget_mode: team.budgetMode,
      created_at: team.createdAt.toISOString(),
    }));
  }
}

async function* teamsIn(
  { records }: Stores,
  { organizationId, teamId }: ExportScope,
  { from, to }: Pick<ExportScope, 'from' | 'to'> = {},
): AsyncGenerator<readonly Team[]> {
  if (teamId !== undefined) {
    const team = await records.teams.find(teamId);
    yield team !== undefined && isWithin(team.createdAt, from, to) ? [team] : [];
    return;
  }
  for (let after: string | undefined; ;) {
    const teams = await records.teams.list({
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(after === undefined ? {} : { after }),
      from,
      to,
      limit: EXPORT_PAGE_ROWS,
    });
    yield teams;
    after = teams.at(-1)?.id;
    if (teams.length < EXPORT_PAGE_ROWS) {
      return;
    }
  }
}

function isWithin(moment: Date, from: Date | undefined, to: Date | undefined): boolean {
  return (from === undefined || moment >= from) && (to === undefined || moment < to);
}

/** Keys, without anything of their secrets, in the order in which they were made. */
export async function* exportedKeys({ records }: Stores, scope: ExportScope): AsyncGenerator<Page> {
  for (let after: Behind | undefined; ;) {
    const keys = await records.keys.list({
      ...scope,
      sort: 'createdAt',
      descending: false,
      after,
      limit: EXPORT_PAGE_ROWS,
    });
    yield keys.map(keyRow);
    const last = keys.at(-1);
    if (last === undefined || keys.length < EXPORT_PAGE_ROWS) {
      return;
    }
    after = { value: last.createdAt, id: last.id };
  }
}

function keyRow(key: VirtualKey): ExportRow {
  return {
    key_id: key.id,
    team_id: key.teamId,
    organization_id: key.organizationId,
    user_id: key.userId,
    name: key.name,
    last_four: key.lastFour,
    status: key.status,
    expires_at: key.expiresAt?.toISOString() ?? null,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
  };
}

/** Lines of the ledger, team by team, the latest first. */
export async function* exportedCredits(stores: Stores, scope: ExportScope): AsyncGenerator<Page> {
  for await (const teams of teamsIn(stores, scope)) {
    for (const team of teams) {
      yield* creditsOf(stores, team, scope);
    }
  }
}

async function* creditsOf(
  { records }: Stores,
  { id }: Team,
  { from, to }: ExportScope,
): AsyncGenerator<Page> {
  for (let after: string | undefined; ;) {
    const entries = await records.ledger.list({
      teamId: id,
      from,
      to,
      descending: true,
      after,
      limit: EXPORT_PAGE_ROWS,
    });
    yield entries.map((entry) => ({
      transaction_id: entry.postingId,
      team_id: id,
      kind: entry.kind,
      amount: creditsToNumber(entry.amount),
      balance_after: creditsToNumber(entry.balanceAfter),
      reason: entry.reason,
      actor: entry.actor,
      reference: entry.reference,
      created_at: entry.createdAt.toISOString(),
    }));
    after = entries.at(-1)?.postingId;
    if (entries.length < EXPORT_PAGE_ROWS) {
      return;
    }
  }
}

/** The audit trail, the latest first. */
export async function* exportedAudit(stores: Stores, scope: ExportScope): AsyncGenerator<Page> {
  const { organizationId, teamId, from, to } = scope;
  for (let before: bigint | undefined; ;) {
    const entries = await stores.records.audit.search({
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(teamId === undefined ? {} : { teamId }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(before === undefined ? {} : { before }),
      limit: EXPORT_PAGE_ROWS,
    });
    yield entries.map(auditRow);
    before = entries.at(-1)?.position;
    if (entries.length < EXPORT_PAGE_ROWS) {
      return;
    }
  }
}

function auditRow(entry: AuditEntry): ExportRow {
  return {
    place: entry.position.toString(),
    at: entry.at.toISOString(),
    actor: entry.actor,
    door: entry.door,
    action: entry.action,
    target: entry.target,
    before: entry.before === null ? null : JSON.stringify(entry.before),
    after: entry.after === null ? null : JSON.stringify(entry.after),
    reason: entry.reason,
  };
}
