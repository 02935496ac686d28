import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { visibleMetadata } from '../metadata.ts';
import { aliasesOf } from '../team-aliases.ts';
import { spokenTerms } from './fields.ts';
import { moneyReader, spokenMoney } from './money.ts';
import { spokenUntil } from './standing.ts';

/** Each team takes a few queries; more at once than the database has connections gains nothing. */
const TEAMS_AT_ONCE = 8;

/** Teams as this dialect shows them. The key is masked: it was shown when it was made. */
export async function viewsOf(stores: Stores, teams: readonly Team[]): Promise<object[]> {
  const groups = await stores.records.accessGroups.list();
  const readMoney = moneyReader(stores);
  const views: object[] = [];
  for (let at = 0; at < teams.length; at += TEAMS_AT_ONCE) {
    const part = teams.slice(at, at + TEAMS_AT_ONCE).map(async (team) => {
      const [money, keys] = await Promise.all([
        readMoney(team),
        stores.records.keys.ofTeam(team.id),
      ]);
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
      };
    });
    views.push(...(await Promise.all(part)));
  }
  return views;
}

/** One team as this dialect shows it. */
export async function viewOf(stores: Stores, team: Team): Promise<object> {
  const [view] = await viewsOf(stores, [team]);
  return view ?? {};
}

function maskedKey(keys: readonly VirtualKey[]): string | null {
  const shown = keys.findLast((key) => key.status === 'active') ?? keys.at(-1);
  return shown === undefined ? null : `sk-…${shown.lastFour}`;
}
