// People as LiteLLM shows them: one row, whatever organizations they belong to.

import { mainBudget } from '../../core/ceilings/ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { usdToNumber } from '../../core/money.ts';
import { isDeleted } from '../../core/members/deleted.ts';
import type { Member, User } from '../../core/members/member.ts';
import type { Stores } from '../../core/stores.ts';
import { spentBy } from '../../core/usage/spent.ts';
import type { Spent } from '../../core/usage/spent.ts';
import { boundsView, modelLimitsView } from './bounds.ts';
import { shownOrganization } from './default-organization.ts';
import { isPersonalTeam } from '../../core/teams/personal-team.ts';
import { extrasOf, shownMetadata } from './extras.ts';
import type { USER } from './answers/rows.ts';
import type { Told } from '../told.ts';

/** More than any page has. */
const ROWS_MAX = 100_000;

/** The people of these ids, in that order, as far as these organizations know them. */
export async function userViews(
  stores: Stores,
  ids: readonly string[],
  organizationIds?: readonly string[],
): Promise<Told<typeof USER>[]> {
  const part = { sort: 'createdAt', descending: false, offset: 0, limit: ROWS_MAX } as const;
  const within = organizationIds === undefined ? {} : { organizationIds };
  const { rows } = await stores.records.directory.people({ ids, ...within, ...part });
  return viewsOf(stores, ids, rows.filter(isKnown));
}

/** Who was deleted stays on record for what they used, and is gone for LiteLLM. */
function isKnown(user: User): boolean {
  return !isDeleted(user);
}

export async function userView(
  stores: Stores,
  id: string,
  organizationIds?: readonly string[],
): Promise<Told<typeof USER> | undefined> {
  const [view] = await userViews(stores, [id], organizationIds);
  return view;
}

async function viewsOf(
  stores: Stores,
  ids: readonly string[],
  rows: readonly User[],
): Promise<Told<typeof USER>[]> {
  const spent = await spentBy(
    stores,
    rows.map((user) => ({
      subject: subjectOf(user),
      organizationId: user.organizationId,
      budget: mainBudget(user.ceilings),
    })),
  );
  const byId = Map.groupBy(rows, (user) => user.id);
  const present = await stores.records.directory.membershipsOf([...byId.keys()]);
  const byMember = Map.groupBy(present, ({ userId }) => userId);
  const views: Told<typeof USER>[] = [];
  for (const id of ids) {
    const own = byId.get(id) ?? [];
    const memberships = (byMember.get(id) ?? []).filter(
      ({ organizationId, role }) =>
        role !== 'removed' && own.some((user) => user.organizationId === organizationId),
    );
    const [first] = own;
    if (first !== undefined) {
      const sum = own.reduce(
        (so, user) => so + (spent.get(subjectText(subjectOf(user)))?.nanoUsd ?? 0n),
        0n,
      );
      const period = spent.get(subjectText(subjectOf(first)))?.period;
      views.push(viewOf(first, own, memberships, { spend: usdToNumber(sum), period }));
    }
  }
  return views;
}

export function subjectOf({ organizationId, id }: User): Subject {
  return { kind: 'user', organizationId, userId: id };
}

/** The first row says what there is to say of the person; each organization bounds them by itself. */
function viewOf(
  user: User,
  rows: readonly User[],
  memberships: readonly Member[],
  { spend, period }: { readonly spend: number; readonly period: Spent['period'] | undefined },
): Told<typeof USER> {
  const extras = extrasOf(user.metadata);
  return {
    user_id: user.id,
    user_email: user.email,
    user_alias: user.name === '' ? null : user.name,
    user_role: (extras['user_role'] ?? 'internal_user') as string,
    teams: memberships.map(({ teamId }) => teamId).filter((teamId) => !isPersonalTeam(teamId)),
    ...boundsView(user.ceilings, extras['budget_duration']),
    budget_reset_at: period === undefined ? null : new Date(period.endsAtMs).toISOString(),
    spend,
    model_spend: {},
    models: (extras['models'] ?? []) as readonly string[],
    metadata: { ...shownMetadata(user.metadata), ...modelLimitsView(user.ceilings) },
    sso_user_id: (extras['sso_user_id'] ?? null) as string | null,
    organization_memberships: rows.flatMap(({ organizationId, role, createdAt, updatedAt }) =>
      shownOrganization(organizationId) === null
        ? []
        : [
            {
              user_id: user.id,
              organization_id: organizationId,
              user_role: role === 'admin' ? 'org_admin' : 'internal_user',
              created_at: createdAt.toISOString(),
              updated_at: updatedAt.toISOString(),
            },
          ],
    ),
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
  };
}
