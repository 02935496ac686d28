// Pages of teams, keys and entries of the ledger; organizations, all at once.

import type { CreditEntry } from '../../core/credits/entry.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type {
  EntryFilter,
  KeyFilter,
  KeysWanted,
  TeamFilter,
  TeamsWanted,
} from '../../core/list-filters.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import type { Team } from '../../core/teams/team.ts';
import { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';
import { pageQuery } from './keyset.ts';
import { entryFrom, keyFrom, organizationFrom, teamFrom } from './rows.ts';
import { literal } from './literal.ts';

export async function listTeams(scope: PostgresScope, filter: TeamFilter): Promise<Team[]> {
  const { sort = 'id', descending = false, after, limit, contains, from, to, ...rest } = filter;
  const { organizationIds, ...equal } = rest;
  const last = typeof after === 'string' ? { value: after, id: after } : after;
  const { behind, orderBy, take } = pageQuery({ sort, descending, after: last, limit });
  const like = idContains(contains);
  const ofAny =
    organizationIds === undefined ? {} : { organizationId: { in: [...organizationIds] } };
  const where = { ...defined(equal), ...madeWithin(from, to), AND: [ofAny, behind, like] };
  const found = await scope.team.findMany({ where, orderBy, take });
  return found.map(teamFrom);
}

export async function countTeams(
  scope: PostgresScope,
  { contains, ...equal }: TeamsWanted,
): Promise<number> {
  return scope.team.count({ where: { ...defined(equal), AND: [idContains(contains)] } });
}

function idContains(part: string | undefined) {
  return part === undefined
    ? {}
    : { id: { contains: literal(part), mode: 'insensitive' as const } };
}

export async function listKeys(scope: PostgresScope, filter: KeyFilter): Promise<VirtualKey[]> {
  const { sort, descending, after, limit, ...wanted } = filter;
  const { behind, orderBy, take } = pageQuery({ sort, descending, after, limit });
  const where = { ...keysWithin(wanted), AND: [behind] };
  const found = await scope.virtualKey.findMany({ where, orderBy, take });
  return found.map(keyFrom);
}

export async function countKeys(scope: PostgresScope, wanted: KeysWanted): Promise<number> {
  return scope.virtualKey.count({ where: keysWithin(wanted) });
}

function keysWithin({ expiresBefore, from, to, ...equal }: KeysWanted) {
  const ending = expiresBefore === undefined ? {} : { expiresAt: { lt: expiresBefore } };
  return { ...defined(equal), ...madeWithin(from, to), ...ending };
}

/** Entries of a team's account; what goes on behind a posting that is none of its own is empty. */
export async function listEntries(
  scope: PostgresScope,
  accountId: string,
  { kinds, adds, reference, from, to, descending, after, limit }: Omit<EntryFilter, 'teamId'>,
): Promise<CreditEntry[]> {
  const last =
    after === undefined
      ? undefined
      : await scope.creditEntry.findFirst({ where: { accountId, postingId: after } });
  if (last === null) {
    return [];
  }
  const sequence = last?.sequence ?? undefined;
  const found = await scope.creditEntry.findMany({
    where: {
      ...entriesWanted(accountId, { kinds, adds, reference, from, to }),
      ...(sequence === undefined
        ? {}
        : { sequence: descending ? { lt: sequence } : { gt: sequence } }),
    },
    orderBy: { sequence: descending ? 'desc' : 'asc' },
    take: limit,
  });
  return found.map(entryFrom);
}

type EntriesWanted = Pick<EntryFilter, 'kinds' | 'adds' | 'reference' | 'from' | 'to'>;

export async function countEntries(
  scope: PostgresScope,
  accountId: string,
  wanted: EntriesWanted,
): Promise<number> {
  const { kinds, adds, reference, from, to } = wanted;
  if ([kinds, adds, reference, from, to].some((bound) => bound !== undefined)) {
    return scope.creditEntry.count({ where: entriesWanted(accountId, wanted) });
  }
  // They are numbered without gaps: a busy team has millions.
  const account = await scope.creditAccount.findUnique({ where: { id: accountId } });
  return Number(account?.sequence ?? 0n);
}

function entriesWanted(
  accountId: string,
  { kinds, adds, reference, from, to }: EntriesWanted,
): Prisma.CreditEntryWhereInput {
  return {
    accountId,
    ...(kinds === undefined ? {} : { kind: { in: [...kinds] } }),
    ...(adds === undefined ? {} : { amount: adds ? { gte: 0n } : { lt: 0n } }),
    ...(reference === undefined ? {} : { reference }),
    ...madeWithin(from, to),
  };
}

function madeWithin(from: Date | undefined, to: Date | undefined) {
  return from === undefined && to === undefined
    ? {}
    : { createdAt: { ...defined({ gte: from }), ...defined({ lt: to }) } };
}

/** Without the fields that are undefined: an exact type has none. */
function defined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}

/** All of them, or those of a channel. In plain SQL, which reads a thousand rows in half of Prisma's time. */
export async function listOrganizations(
  scope: PostgresScope,
  channelId: string | undefined,
): Promise<Organization[]> {
  const where =
    channelId === undefined ? Prisma.empty : Prisma.sql`WHERE channel_id = ${channelId}`;
  const found = await scope.$queryRaw<rows.Organization[]>`
    SELECT id, name, status, status_reason AS "statusReason", status_until AS "statusUntil",
      time_zone AS "timeZone", ceilings, over_allocation AS "overAllocation",
      bounds_end_users AS "boundsEndUsers", usage_retention_days AS "usageRetentionDays", channel_id AS "channelId",
      models, metadata, version, created_at AS "createdAt",
      updated_at AS "updatedAt"
    FROM organizations ${where} ORDER BY id`;
  return found.map(organizationFrom);
}
