import type { AccessGroup } from '../../core/models/access-group.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { visibleMetadata } from '../metadata.ts';
import { aliasesOf } from '../team-aliases.ts';
import { spokenTerms } from './fields.ts';
import { moneyOf, moneyOfAll, spokenMoney } from './money.ts';
import type { TeamMoney } from './money.ts';
import { spokenUntil } from './standing.ts';
import type { TEAM } from './answers/teams.ts';
import type { Told } from '../told.ts';

/** A page of teams as this dialect shows them. Keys are masked: they were shown when they were made. */
export async function viewsOf(
  stores: Stores,
  teams: readonly Team[],
): Promise<Told<typeof TEAM>[]> {
  const ids = teams.map(({ id }) => id);
  const [groups, money, keys] = await Promise.all([
    stores.records.accessGroups.list(),
    moneyOfAll(stores, teams),
    stores.records.keys.ofTeams(ids),
  ]);
  const keysOf = Map.groupBy(keys, ({ teamId }) => teamId);
  return teams.map((team) =>
    // Every team that was asked for has its money.
    viewFrom(team, groups, money.get(team.id) as TeamMoney, keysOf.get(team.id) ?? []),
  );
}

/** One team as this dialect shows it, with its money. */
export async function viewOf(stores: Stores, team: Team): Promise<Told<typeof TEAM>> {
  const [told, keys] = await Promise.all([
    keylessViewOf(stores, team),
    stores.records.keys.ofTeam(team.id),
  ]);
  return { ...told, virtual_key: maskedKey(keys) };
}

/** As viewOf, for whom its key is not looked up. */
export async function keylessViewOf(stores: Stores, team: Team): Promise<Told<typeof TEAM>> {
  const [groups, money] = await Promise.all([
    stores.records.accessGroups.list(),
    moneyOf(stores, team),
  ]);
  return viewFrom(team, groups, money, []);
}

function viewFrom(
  team: Team,
  groups: readonly AccessGroup[],
  money: TeamMoney,
  keys: readonly VirtualKey[],
): Told<typeof TEAM> {
  return {
    team_id: team.id,
    organization_id: team.organizationId,
    team_alias: team.alias,
    virtual_key: maskedKey(keys),
    status: team.status,
    ...(team.statusReason === null ? {} : { status_reason: team.statusReason }),
    ...spokenUntil(team),
    ...spokenMoney(money),
    access_groups: team.accessGroups,
    allowed_model_aliases: aliasesOf(team, groups),
    models: team.models,
    model_aliases: team.modelAliases,
    ...spokenTerms(team),
    metadata: visibleMetadata(team.metadata),
    created_at: team.createdAt.toISOString(),
    updated_at: team.updatedAt.toISOString(),
  };
}

function maskedKey(keys: readonly VirtualKey[]): string | null {
  const shown = keys.findLast((key) => key.status === 'active') ?? keys.at(-1);
  return shown === undefined ? null : `sk-…${shown.lastFour}`;
}
