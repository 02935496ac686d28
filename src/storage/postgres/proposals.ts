import { fromJson, toJson } from '../../core/approvals/action.ts';
import type { ProposedAction } from '../../core/approvals/action.ts';
import type { Approvers } from '../../core/approvals/policy.ts';
import type {
  Outcome,
  Proposal,
  ProposalChange,
  ProposalFilter,
  ProposalRecords,
  ProposalStatus,
} from '../../core/approvals/proposal.ts';
import type { SubjectState } from '../../core/approvals/subject-state.ts';
import type { Actor } from '../../core/audit/audit.ts';
import { Prisma } from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

const WITH_APPROVALS = { decisions: { orderBy: { at: 'asc' } } } as const;
type Row = Prisma.ProposalGetPayload<{ include: typeof WITH_APPROVALS }>;

export function proposalsIn(scope: PostgresScope): ProposalRecords {
  const find = async (where: Prisma.ProposalWhereUniqueInput): Promise<Proposal | undefined> => {
    const row = await scope.proposal.findUnique({ where, include: WITH_APPROVALS });
    return row === null ? undefined : proposalFrom(row);
  };
  return {
    async insert({ action, proposedBy, approvers, seen, ...rest }) {
      const data = {
        ...rest,
        kind: action.kind,
        reference: action.reference,
        reason: action.reason,
        action: toJson(action) as Prisma.InputJsonValue,
        approvers: approvers as Prisma.InputJsonValue,
        seen: { ...seen },
        proposedBy: proposedBy.id,
        door: proposedBy.door,
      };
      return (await scope.proposal.createMany({ data, skipDuplicates: true })).count === 1;
    },
    find: async (id) => (isUuid(id) ? find({ id }) : undefined),
    findByReference: async (reference) => find({ reference }),
    async locked(id) {
      if (!isUuid(id)) {
        return undefined;
      }
      await scope.$queryRaw`SELECT 1 FROM proposals WHERE id = ${id}::uuid FOR UPDATE`;
      return find({ id });
    },
    update: async (id, change) => {
      await scope.proposal.update({ where: { id }, data: columnsOfChange(change) });
    },
    approve: async (proposalId, actor, at) => {
      const data = { proposalId, actor, at };
      return (await scope.proposalDecision.createMany({ data, skipDuplicates: true })).count === 1;
    },
    async list(filter) {
      const { statuses, kind, organizationId, organizationIds, teamId, proposedBy } = filter;
      const { within, after, limit } = filter;
      const last =
        after === undefined ? null : await scope.proposal.findUnique({ where: { id: after } });
      const found = await scope.proposal.findMany({
        where: {
          approvalsNeeded: { gt: 0 },
          ...(statuses === undefined ? {} : { status: { in: [...statuses] } }),
          ...(kind === undefined ? {} : { kind }),
          ...(organizationId === undefined ? {} : { organizationId }),
          AND: [
            organizationIds === undefined ? {} : { organizationId: { in: [...organizationIds] } },
            within === undefined ? {} : withinOrNaming(within),
          ],
          ...(teamId === undefined ? {} : { teamId }),
          ...(proposedBy === undefined ? {} : { proposedBy }),
          ...behind(last),
        },
        include: WITH_APPROVALS,
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: limit,
      });
      return found.map(proposalFrom);
    },
    expired: async (at, limit) =>
      idsOf(scope, { status: 'pending', expiresAt: { lte: at } }, limit),
    unreminded: async (at, limit) =>
      idsOf(scope, { status: 'pending', remindAt: { lte: at }, remindedAt: null }, limit),
    ...placesIn(scope),
    lockPerson: async (actor) => lock(scope, `weigh:${actor}`),
    movedBy: async (actor, since) => movedBy(scope, actor, since),
  };
}

/** Where proposals are told. */
function placesIn(
  scope: PostgresScope,
): Pick<ProposalRecords, 'places' | 'addPlaces' | 'remindOnce'> {
  return {
    places: async (proposalId) => {
      const orderBy = { place: 'asc' } as const;
      const found = await scope.proposalPlace.findMany({ where: { proposalId }, orderBy });
      return found.map(({ place }) => place);
    },
    addPlaces: async (proposalId, places) => {
      const data = places.map((place) => ({ proposalId, place }));
      await scope.proposalPlace.createMany({ data, skipDuplicates: true });
    },
    remindOnce: async (proposalId, place) => {
      const where = { proposalId, place, reminded: false };
      return (await scope.proposalPlace.updateMany({ where, data: { reminded: true } })).count > 0;
    },
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Postgres refuses any other text as an id; such a text names nothing. */
function isUuid(text: string): boolean {
  return UUID.test(text);
}

async function idsOf(
  scope: PostgresScope,
  where: Prisma.ProposalWhereInput,
  take: number,
): Promise<string[]> {
  const orderBy = { expiresAt: 'asc' } as const;
  const found = await scope.proposal.findMany({ where, orderBy, select: { id: true }, take });
  return found.map((row) => row.id);
}

async function lock(scope: PostgresScope, name: string): Promise<void> {
  await scope.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
}

/**
 * Entries of a transfer count once, on the giver's side, and an undo not at all; what others approved is taken off again, and what is free
 * and not posted yet counts as if it were.
 */
async function movedBy(scope: PostgresScope, actor: string, since: Date): Promise<bigint> {
  const [row] = await scope.$queryRaw<{ moved: bigint }[]>`
    SELECT (
      coalesce((
        SELECT sum(abs(e.amount)) FROM credit_entries e
        WHERE e.actor = ${actor} AND e.created_at >= ${since} AND e.sequence IS NOT NULL
          AND e.reference NOT LIKE 'undo:%' AND (
            e.kind IN ('grant', 'top_up', 'subscription', 'refund')
            OR (e.kind IN ('transfer', 'adjustment') AND e.amount < 0)
          )
      ), 0)
      - coalesce((
        SELECT sum((p.action -> 'amount' ->> '$bigint')::bigint) FROM proposals p
        WHERE p.proposed_by = ${actor} AND p.status = 'applied' AND p.decided_at >= ${since}
          AND p.approvals_needed > 0 AND p.action ? 'amount'
      ), 0)
      + coalesce((
        SELECT sum((p.action -> 'amount' ->> '$bigint')::bigint) FROM proposals p
        WHERE p.proposed_by = ${actor} AND p.status = 'approved' AND p.created_at >= ${since}
          AND p.approvals_needed = 0
          AND NOT EXISTS (
            SELECT 1 FROM credit_entries e JOIN credit_accounts a ON a.id = e.account_id
            WHERE a.team_id = p.team_id AND e.reference = p.reference
          )
      ), 0)
    )::bigint AS moved`;
  const moved = row?.moved ?? 0n;
  return moved > 0n ? moved : 0n;
}

function columnsOfChange({ outcome, ...change }: ProposalChange): Prisma.ProposalUpdateInput {
  return {
    ...change,
    ...(outcome === undefined
      ? {}
      : { outcome: outcome === null ? Prisma.DbNull : { ...outcome } }),
  };
}

function proposalFrom(row: Row): Proposal {
  return {
    id: row.id,
    action: fromJson(row.action) as ProposedAction,
    organizationId: row.organizationId,
    teamId: row.teamId,
    proposedBy: { id: row.proposedBy, door: row.door as Actor['door'] },
    channelId: row.channelId,
    approvalsNeeded: row.approvalsNeeded,
    approvers: row.approvers as Approvers,
    status: row.status as ProposalStatus,
    seen: row.seen as SubjectState,
    createdAt: row.createdAt,
    remindAt: row.remindAt,
    remindedAt: row.remindedAt,
    expiresAt: row.expiresAt,
    decidedAt: row.decidedAt,
    decidedBy: row.decidedBy,
    decisionReason: row.decisionReason,
    urgent: row.urgent,
    outcome: row.outcome as Outcome | null,
    approvedBy: row.decisions.map(({ actor, at }) => ({ actor, at })),
  };
}

function withinOrNaming({
  organizationIds,
  named,
}: NonNullable<ProposalFilter['within']>): Prisma.ProposalWhereInput {
  return {
    OR: [
      { organizationId: { in: [...organizationIds] } },
      ...named.map((holder) => ({ approvers: { array_contains: [holder] } })),
    ],
  };
}

/** Those that come after it, the latest first. */
function behind(last: Pick<Proposal, 'id' | 'createdAt'> | null): Prisma.ProposalWhereInput {
  if (last === null) {
    return {};
  }
  const { id, createdAt } = last;
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] };
}
