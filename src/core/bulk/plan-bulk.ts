import { neededApproval } from '../approvals/policy.ts';
import type { Actor } from '../audit/audit.ts';
import type { CreditAccount } from '../credits/entry.ts';
import { newId } from '../ids.ts';
import { complaintAboutUnknownModels } from '../models/known-models.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import { accessAfter } from '../teams/change-access.ts';
import type { Team } from '../teams/team.ts';
import { BULK_PROPOSALS_MAX, BULK_TEAMS_MAX } from './bulk-plan.ts';
import type { BulkAction, BulkFilter, BulkLine, BulkPreview, SeenTeam } from './bulk-plan.ts';

/** What a team is after it. */
export const STATUS_AFTER = { suspend: 'suspended', pause: 'paused', resume: 'active' } as const;
/** One page of teams; more at once gains nothing. */
const TEAMS_PER_PAGE = 500;

/** Finds the teams that would change, and keeps the plan. Nothing else is changed. */
export async function planBulk(
  stores: Stores,
  actor: Actor,
  filter: BulkFilter,
  action: BulkAction,
): Promise<BulkPreview | Refusal> {
  const { records } = stores;
  const names = action.kind === 'allow' ? action.names : [];
  const unknown = await complaintAboutUnknownModels(records, { field: 'names', names });
  if (unknown !== undefined) {
    return unknown;
  }
  const fitting = await fittingTeams(records, filter);
  const groups = (await records.accessGroups.list()).map((group) => group.name);
  const lines = fitting.filter(({ team }) => wouldChange(team, action, groups));
  if (lines.length > BULK_TEAMS_MAX) {
    const complaint = `${lines.length} teams fit, at most ${BULK_TEAMS_MAX} are changed at once; narrow it by org=`;
    return refuse('value_invalid', { field: 'org', complaint });
  }
  const needsApproval = topUpNeedsApproval(stores, action, lines);
  if (needsApproval && lines.length > BULK_PROPOSALS_MAX) {
    const complaint = `together this needs an approval, team by team, and ${lines.length} teams fit: at most ${BULK_PROPOSALS_MAX} are proposed at once`;
    return refuse('value_invalid', { field: 'credits', complaint });
  }
  const plan = {
    id: newId(),
    actor: actor.id,
    action,
    teamIds: lines.map(({ team }) => team.id),
    seen: Object.fromEntries(lines.map(({ team, seen }) => [team.id, seen])),
    createdAt: new Date(stores.clock()),
  };
  await records.bulkPlans.insert(plan);
  return { plan, lines, needsApproval, unchanged: fitting.length - lines.length };
}

/** By the size of all together; what one person may add in a day is weighed when it is done. */
function topUpNeedsApproval(
  { settings }: Stores,
  action: BulkAction,
  lines: readonly BulkLine[],
): boolean {
  if (action.kind !== 'topup') {
    return false;
  }
  const amount = action.microcredits * BigInt(lines.length);
  const weighed = { kind: 'top_up', amount, isCredits: true, movedBefore: 0n } as const;
  return lines.some(
    ({ team: { organizationId } }) =>
      neededApproval(settings.approvals, { ...weighed, organizationId }) !== undefined,
  );
}

async function fittingTeams(records: Records, filter: BulkFilter): Promise<BulkLine[]> {
  const { organizationId, organizationIds, status, below, model } = filter;
  const narrowed = {
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(organizationIds === undefined ? {} : { organizationIds }),
  };
  const found: BulkLine[] = [];
  for (let after = ''; ;) {
    const page = await records.teams.list({ ...narrowed, after, limit: TEAMS_PER_PAGE });
    for (const team of page) {
      const isNamed =
        model === undefined || team.accessGroups.includes(model) || team.models.includes(model);
      if (!isNamed || (status !== undefined && team.status !== status)) {
        continue;
      }
      const account = await records.ledger.account(team.id);
      const balance = account?.balance ?? 0n;
      if (below === undefined || balance < below) {
        found.push({ team, balance, seen: seenOf(team, account) });
      }
    }
    const last = page.at(-1);
    if (last === undefined || page.length < TEAMS_PER_PAGE) {
      return found;
    }
    after = last.id;
  }
}

/** What a plan remembers of a team. */
export function seenOf(team: Team, account: CreditAccount | undefined): SeenTeam {
  const { status, accessGroups, models } = team;
  const statusUntil = team.statusUntil?.toISOString() ?? null;
  const fundingSequence = String(account?.fundingSequence ?? 0n);
  return { status, statusUntil, fundingSequence, accessGroups, models };
}

/** What became of a team since it was seen, as far as the action is about that; undefined of nothing. */
export function changedSince(
  action: BulkAction,
  seen: SeenTeam | undefined,
  now: SeenTeam,
): string | undefined {
  if (seen === undefined || seen.status !== now.status) {
    return `it is ${now.status} by now`;
  }
  const isOther = (one: readonly string[], other: readonly string[]): boolean =>
    one.join('\n') !== other.join('\n');
  switch (action.kind) {
    case 'topup':
      return seen.fundingSequence === now.fundingSequence
        ? undefined
        : 'its credits were changed by somebody';
    case 'allow':
    case 'deny':
      return isOther(seen.accessGroups, now.accessGroups) || isOther(seen.models, now.models)
        ? 'its access was changed by somebody'
        : undefined;
    default:
      return undefined;
  }
}

/** Whether a team is another one after the action. */
export function wouldChange(team: Team, action: BulkAction, groups: readonly string[]): boolean {
  switch (action.kind) {
    case 'suspend':
    case 'pause':
    case 'resume':
      return team.status !== STATUS_AFTER[action.kind];
    case 'topup':
      return team.status !== 'archived';
    case 'allow':
    case 'deny': {
      const wish = action.kind === 'allow' ? { add: action.names } : { remove: action.names };
      const after = accessAfter(team, { ...wish, groups });
      return (
        after.accessGroups.length !== team.accessGroups.length ||
        after.models.length !== team.models.length
      );
    }
  }
}
