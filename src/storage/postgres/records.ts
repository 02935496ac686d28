import type { KeyRecords } from '../../core/keys/key-records.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { OrganizationRecords, Records, RevealLinkRecords } from '../../core/stores.ts';
import type { TeamRecords } from '../../core/teams/team-records.ts';
import type { PrismaClient } from '../generated/client.ts';
import { alertsIn } from './alerts.ts';
import { auditIn } from './audit.ts';
import { accessGroupsIn } from './catalog.ts';
import { columnsOf } from './columns.ts';
import { againAfterConflict } from './conflicts.ts';
import { reached } from './client.ts';
import type { PostgresScope } from './client.ts';
import { directoryIn } from './directory.ts';
import { credentialsIn } from './credentials.ts';
import { broughtSpendsIn } from './brought-spends.ts';
import { broughtUsageIn } from './brought-usage.ts';
import { endUsersIn } from './end-users.ts';
import { storedCatalogIn } from './stored-catalog.ts';
import { grantRecordsIn } from './grant-records.ts';
import { jobsIn } from './jobs.ts';
import { ledgerIn } from './ledger.ts';
import { countKeys, countTeams, listKeys, listOrganizations, listTeams } from './lists.ts';
import { touchBudgets } from './organization-wide.ts';
import { keyFrom, organizationFrom, teamFrom } from './rows.ts';
import { plansIn } from './plans.ts';
import { digestsIn } from './digests.ts';
import { homeTabsIn } from './home-tabs.ts';
import { postsIn } from './posts.ts';
import { proposalsIn } from './proposals.ts';
import { rolesIn } from './roles.ts';
import { membersIn, usersIn } from './people.ts';
import { bulkPlansIn } from './bulk-plans.ts';
import { receiptsIn } from './receipts.ts';
import { budgetPeriodsIn } from './budget-periods.ts';
import { keyEndsIn } from './key-ends.ts';
import { pricesIn } from './prices.ts';
import { webhooksIn } from './webhooks.ts';
import { tagsIn } from './tags.ts';
import { taskRunsIn } from './task-runs.ts';
import { staffIn } from './staff.ts';
import { totalsIn } from './totals.ts';
import { usageIn } from './usage.ts';

/** Core's records in Postgres. */
export function createRecords(postgres: PrismaClient): Records {
  return {
    ...guarded(recordsIn(postgres)),
    change: async (work) => {
      try {
        return await againAfterConflict(async () =>
          reached(
            'Changing the records',
            postgres.$transaction(async (scope) => {
              const answer = await work(recordsOf(recordsIn(scope)));
              if (isRefusal(answer)) {
                throw new Undo(answer);
              }
              return answer;
            }),
          ),
        );
      } catch (error) {
        if (error instanceof Undo) {
          return error.refusal;
        }
        throw error;
      }
    },
  };
}

/** Carries a refusal out of a transaction, so that the transaction is undone. */
class Undo extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super('undone');
    this.refusal = refusal;
  }
}

type Parts = Omit<Records, 'change'>;

/** A change inside of a change is a part of it. */
export function recordsOf(parts: Parts): Records {
  return { ...parts, change: async (part) => part(recordsOf(parts)) };
}

/** All records, as they are seen inside and outside of a transaction. */
export function recordsIn(scope: PostgresScope): Parts {
  return {
    organizations: organizationsIn(scope),
    teams: teamsIn(scope),
    keys: keysIn(scope),
    accessGroups: accessGroupsIn(scope),
    catalog: storedCatalogIn(scope),
    ledger: ledgerIn(scope),
    grants: grantRecordsIn(scope),
    usage: usageIn(scope),
    jobs: jobsIn(scope),
    links: linksIn(scope),
    users: usersIn(scope),
    members: membersIn(scope),
    endUsers: endUsersIn(scope),
    broughtSpends: broughtSpendsIn(scope),
    broughtUsage: broughtUsageIn(scope),
    directory: directoryIn(scope),
    plans: plansIn(scope),
    alerts: alertsIn(scope),
    audit: auditIn(scope),
    posts: postsIn(scope),
    digests: digestsIn(scope),
    homeTabs: homeTabsIn(scope),
    tags: tagsIn(scope),
    taskRuns: taskRunsIn(scope),
    approvals: proposalsIn(scope),
    roles: rolesIn(scope),
    webhooks: webhooksIn(scope),
    prices: pricesIn(scope),
    budgetPeriods: budgetPeriodsIn(scope),
    outbox: {
      add: async ({ kind, ...payload }) => {
        await scope.$executeRaw`
          INSERT INTO outbox_events (kind, payload) VALUES (${kind}, ${JSON.stringify(payload)}::jsonb)`;
      },
    },
    receipts: receiptsIn(scope),
    totals: totalsIn(scope),
    credentials: credentialsIn(scope),
    staff: staffIn(scope),
    bulkPlans: bulkPlansIn(scope),
  };
}

/** Wraps every method, so that an unreachable Postgres is told by one fault. */
function guarded(parts: Parts): Parts {
  const wrap = (part: object, name: string): object =>
    Object.fromEntries(
      Object.entries(part).map(([method, call]) => [
        method,
        async (...values: unknown[]) =>
          reached(`Reading ${name}`, (call as (...all: unknown[]) => Promise<unknown>)(...values)),
      ]),
    );
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, wrap(part, name)]),
  ) as unknown as Parts;
}

function organizationsIn(scope: PostgresScope): OrganizationRecords {
  return {
    async find(id) {
      const row = await scope.organization.findUnique({ where: { id } });
      return row === null ? undefined : organizationFrom(row);
    },
    async locked(id) {
      // Its key never changes, so that what belongs to it can be made meanwhile.
      await scope.$queryRaw`SELECT 1 FROM organizations WHERE id = ${id} FOR NO KEY UPDATE`;
      const row = await scope.organization.findUnique({ where: { id } });
      return row === null ? undefined : organizationFrom(row);
    },
    lifted: async (at, limit) => {
      const where = liftedBy(at);
      return idsOf(await scope.organization.findMany({ where, select: { id: true }, take: limit }));
    },
    list: async ({ channelId } = {}) => listOrganizations(scope, channelId),
    async insert(organization) {
      const data = columnsOf(organization);
      return (await scope.organization.createMany({ data, skipDuplicates: true })).count === 1;
    },
    async update(id, change) {
      const data = { ...columnsOf(change), version: { increment: 1 }, updatedAt: new Date() };
      await scope.organization.update({ where: { id }, data });
    },
    touchBudgets: async (id) => touchBudgets(scope, id),
  };
}

function teamsIn(scope: PostgresScope): TeamRecords {
  return {
    async find(id) {
      const row = await scope.team.findUnique({ where: { id } });
      return row === null ? undefined : teamFrom(row);
    },
    async locked(id) {
      await scope.$queryRaw`SELECT 1 FROM teams WHERE id = ${id} FOR UPDATE`;
      const row = await scope.team.findUnique({ where: { id } });
      return row === null ? undefined : teamFrom(row);
    },
    lifted: async (at, limit) => {
      const where = liftedBy(at);
      return idsOf(await scope.team.findMany({ where, select: { id: true }, take: limit }));
    },
    list: async (filter) => listTeams(scope, filter),
    count: async (wanted) => countTeams(scope, wanted),
    async insert(team) {
      const data = columnsOf(team);
      const [row] = await scope.team.createManyAndReturn({ data, skipDuplicates: true });
      return row === undefined ? undefined : teamFrom(row);
    },
    async update(id, { organizationId: _fixed, ...change }) {
      const data = { ...columnsOf(change), version: { increment: 1 }, updatedAt: new Date() };
      await scope.team.update({ where: { id }, data });
    },
  };
}

function liftedBy(at: Date) {
  return { status: { not: 'active' }, statusUntil: { lte: at } };
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map((row) => row.id);
}

function keysIn(scope: PostgresScope): KeyRecords {
  return {
    insert: async (key) => {
      await scope.virtualKey.create({ data: columnsOf(key) });
    },
    async find(id) {
      const row = await scope.virtualKey.findUnique({ where: { id } });
      return row === null ? undefined : keyFrom(row);
    },
    async locked(id) {
      await scope.$queryRaw`SELECT 1 FROM virtual_keys WHERE id = ${id} FOR UPDATE`;
      const row = await scope.virtualKey.findUnique({ where: { id } });
      return row === null ? undefined : keyFrom(row);
    },
    update: async (id, change) => {
      const data = { ...columnsOf(change), version: { increment: 1 }, updatedAt: new Date() };
      await scope.virtualKey.update({ where: { id }, data });
    },
    ofTeam: async (teamId) => keysOf(scope, [teamId]),
    list: async (filter) => listKeys(scope, filter),
    count: async (filter) => countKeys(scope, filter),
    ofTeams: async (teamIds) => keysOf(scope, teamIds),
    ...keyEndsIn(scope),
  };
}

async function keysOf(scope: PostgresScope, teamIds: readonly string[]): Promise<VirtualKey[]> {
  const where = { teamId: { in: [...teamIds] } };
  const rows = await scope.virtualKey.findMany({ where, orderBy: { createdAt: 'asc' } });
  return rows.map(keyFrom);
}

function linksIn(scope: PostgresScope): RevealLinkRecords {
  return {
    insert: async ({ sealed, ...link }) => {
      const bytes = sealed === null ? null : new Uint8Array(sealed);
      await scope.revealLink.create({ data: { ...link, sealed: bytes } });
    },
    find: async (id) => (await scope.revealLink.findUnique({ where: { id } })) ?? undefined,
    async take(id, at) {
      // The row lock lets one caller read the seal; the update takes it away from all others.
      const rows = await scope.$queryRaw<{ sealed: Uint8Array | null }[]>`
        SELECT sealed FROM reveal_links WHERE id = ${id} AND opened_at IS NULL FOR UPDATE`;
      const sealed = rows[0]?.sealed ?? undefined;
      if (sealed !== undefined) {
        await scope.revealLink.update({ where: { id }, data: { sealed: null, openedAt: at } });
      }
      return sealed;
    },
    forgetExpired: async (at) => {
      const where = { expiresAt: { lte: at }, sealed: { not: null } };
      return (await scope.revealLink.updateMany({ where, data: { sealed: null } })).count;
    },
  };
}
