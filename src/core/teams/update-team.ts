import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../audit/audit.ts';
import { tellGate } from '../change.ts';
import { complaintAboutName } from '../ids.ts';
import { complaintAboutUnknownModels } from '../models/known-models.ts';
import {
  complaintAboutAliases,
  complaintAboutModels,
  modelsOfTeam,
} from '../models/model-rules.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { NewTeam } from './team-records.ts';
import { complaintAboutGroups } from './create-team.ts';
import type { Team } from './team.ts';
import { complaintAboutTerms } from './terms.ts';

export type TeamChange = Partial<
  Pick<
    NewTeam,
    | 'alias'
    | 'accessGroups'
    | 'models'
    | 'modelAliases'
    | 'metadata'
    | 'memberPermissions'
    | 'channelId'
    | 'budgetMode'
    | 'microcreditsPerUsd'
    | 'tokensPerCredit'
    | 'markupBasisPoints'
  >
>;

/**
 * Changes what a team is called, may use and pays; a change may be worked out from the team as it is then.
 * Calls under way keep their terms. What is so already leaves no trace.
 */
export async function updateTeam(
  stores: Stores,
  actor: Actor,
  teamId: string,
  wish: TeamChange | ((team: Team) => TeamChange),
): Promise<Team | Refusal> {
  const updated = await stores.records.change<Team>(async (records) => {
    const before = await records.teams.locked(teamId);
    if (before === undefined) {
      return refuse('team_unknown', { team: teamId });
    }
    const change = written(typeof wish === 'function' ? wish(before) : wish);
    const aboutAlias = change.alias === undefined ? undefined : complaintAboutName(change.alias);
    if (aboutAlias !== undefined) {
      return refuse('value_invalid', { field: 'team_alias', complaint: aboutAlias });
    }
    const refusal =
      (await complaintAboutGroups(records, change.accessGroups ?? [])) ??
      complaintAboutModels(change.models ?? []) ??
      complaintAboutAliases(change.modelAliases ?? {}) ??
      complaintAboutTerms({ ...before, ...change }) ??
      (await complaintAboutAdded(records, before, change));
    if (refusal !== undefined) {
      return refusal;
    }
    const after = { ...before, ...change };
    const trail = { before: spoken(before, change), after: spoken(after, change) };
    if (!isDeepStrictEqual(trail.before, trail.after)) {
      await records.teams.update(teamId, change);
      const target = `team:${teamId}`;
      await records.audit.write({ actor, action: 'team.updated', target, ...trail });
      await records.outbox.add({ kind: 'team.changed', teamId });
    }
    return (await records.teams.find(teamId)) ?? after;
  });
  if (!isRefusal(updated)) {
    await tellGate(stores, { teamId });
  }
  return updated;
}

/** What stood there before may stay, also if nobody serves it any more. */
async function complaintAboutAdded(
  records: Records,
  before: Team,
  { models = [], modelAliases = {} }: TeamChange,
): Promise<Refusal | undefined> {
  const targets = Object.values(before.modelAliases);
  return (
    (await complaintAboutUnknownModels(records, {
      field: 'models',
      names: models.filter((name) => !before.models.includes(name)),
    })) ??
    complaintAboutUnknownModels(records, {
      field: 'model_aliases',
      names: Object.values(modelAliases).filter((name) => !targets.includes(name)),
    })
  );
}

function written(change: TeamChange): TeamChange {
  return change.models === undefined ? change : { ...change, models: modelsOfTeam(change.models) };
}

/** The changed fields alone, as the audit trail can hold them. */
function spoken(team: Team, change: TeamChange): Record<string, unknown> {
  const fields = Object.keys(change) as (keyof TeamChange)[];
  return Object.fromEntries(
    fields.map((field) => {
      const value = team[field];
      return [field, typeof value === 'bigint' ? value.toString() : value];
    }),
  );
}
