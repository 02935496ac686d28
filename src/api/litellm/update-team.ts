// /team/update: only the fields that were sent change, and null takes away.

import { z } from 'zod';
import { mainBudget } from '../../core/ceilings/ceilings.ts';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { usdToNumber } from '../../core/money.ts';
import { may, refuseRole } from '../../core/permission/permissions.ts';
import { inTurn } from '../../core/in-turn.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { setTeamStatus } from '../../core/teams/set-status.ts';
import type { Team } from '../../core/teams/team.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import type { TeamChange } from '../../core/teams/update-team.ts';
import { together } from '../../core/together.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY } from '../shape.ts';
import { teamInBody } from '../target.ts';
import { KEPT_OF_TEAM } from './kept-only.ts';
import { changesFrom } from './bounds.ts';
import { organizationFrom } from './default-organization.ts';
import { float, wrapped } from './errors.ts';
import { extrasOf, shownMetadata, storedMetadata } from './extras.ts';
import { findTeam } from './find-team.ts';
import { setMemberDefaults } from './member-defaults.ts';
import { teamModelsFrom } from './model-lists.ts';
import { complaintAboutOrganization } from './organization-rules.ts';
import { actionsOf } from './team-permissions.ts';
import {
  TEAM_FIELDS,
  boundsOf,
  complaintAboutBudgets,
  complaintAboutSoft,
  keptOf,
  metadataAfter,
  namelessness,
} from './team-fields.ts';
import { teamView } from './team-view.ts';
import { TEAM_UPDATED } from './answers/changes.ts';

const TEAM_UPDATE = z.strictObject({ team_id: z.string(), ...TEAM_FIELDS });
type TeamUpdate = z.output<typeof TEAM_UPDATE>;

export const updateTeamEndpoint = endpoint({
  summary: 'Change a team',
  better: [
    'Holds on the next call, at every proxy.',
    'Metadata that was not sent stays where single fields of it change.',
    'Budgets, limits and blocking are changed by whoever runs this system: who is held back must not lift it.',
  ],
  action: 'team.change',
  isNullGiven: true,
  fieldActions: {
    models: 'team.models',
    access_group_ids: 'team.models',
    blocked: 'team.status',
    max_budget: 'team.limits',
    soft_budget: 'team.limits',
    budget_duration: 'team.limits',
    tpm_limit: 'team.limits',
    rpm_limit: 'team.limits',
    max_parallel_requests: 'team.limits',
    model_tpm_limit: 'team.limits',
    model_rpm_limit: 'team.limits',
    model_max_budget: 'team.limits',
    team_member_budget: 'person.limits',
    team_member_budget_duration: 'person.limits',
    team_member_rpm_limit: 'person.limits',
    team_member_tpm_limit: 'person.limits',
    team_member_permissions: 'key.grant',
  },
  target: teamInBody,
  body: TEAM_UPDATE,
  keptOnly: KEPT_OF_TEAM,
  query: NO_QUERY,
  answer: TEAM_UPDATED,
  async handle({ stores, actor, caller, body }) {
    const team = await findTeam(stores, body.team_id);
    if (team === undefined) {
      return complaintAboutBudgets(body) ?? unknownTeam(body.team_id);
    }
    const { model_tpm_limit: tpm, model_rpm_limit: rpm } = boundsOf(body);
    if ((tpm !== undefined || rpm !== undefined) && !may(caller, 'team.limits')) {
      return refuseRole('team.limits');
    }
    const mistake =
      complaintAboutBudgets(body) ??
      complaintAboutSofts(team, body) ??
      (await complaintAboutMove(stores, team, body)) ??
      (await complaintAboutOrganization(stores, team.organizationId, boundsOf(body), team.id));
    const complaint = mistake ?? complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const updated = await together(stores, async (inside) => changeTeam(inside, actor, team, body));
    return isRefusal(updated)
      ? updated
      : { team_id: team.id, data: await teamView(stores, updated) };
  },
});

export function unknownTeam(teamId: string): Answer {
  return wrapped(404, { error: `Team not found, passed team_id=${teamId}` });
}

/** A soft budget below the hard one, whichever of them stands there already. */
function complaintAboutSofts({ ceilings }: Team, body: TeamUpdate): Answer | undefined {
  const known = mainBudget(ceilings);
  const max = known === undefined || known.shadow ? null : usdToNumber(known.maxNanoUsd);
  const soft = known?.softNanoUsd ? usdToNumber(known.softNanoUsd) : null;
  const early = complaintAboutSoft(body.soft_budget, body.max_budget ?? max);
  const given = body.max_budget;
  const softNow = body.soft_budget ?? soft;
  if (early !== undefined || typeof given !== 'number' || typeof softNow !== 'number') {
    return early;
  }
  const error = `max_budget (${float(given)}) must be strictly greater than soft_budget (${float(softNow)})`;
  return given <= softNow ? wrapped(400, { error }) : undefined;
}

/** A team never moves: what it used and owes stands in the books of its customer. */
async function complaintAboutMove(
  { records }: Stores,
  team: Team,
  { organization_id: given }: TeamUpdate,
): Promise<Answer | undefined> {
  if (given === undefined || given === null || organizationFrom(given) === team.organizationId) {
    return undefined;
  }
  if (given !== '' && (await records.organizations.find(given)) === undefined) {
    return wrapped(404, { error: `Organization not found, passed organization_id=${given}` });
  }
  const error = `Cannot move team to organization. A team stays with its organization, because its ledger does: create a team in '${given}' and transfer what is left.`;
  return wrapped(403, { error });
}

async function changeTeam(
  stores: Stores,
  actor: Actor,
  { id: teamId }: Team,
  body: TeamUpdate,
): Promise<Team | Refusal> {
  const groups = body.models === undefined ? [] : await groupNames(stores);
  const steps: readonly (() => Promise<unknown>)[] = [
    async () => updateTeam(stores, actor, teamId, (team) => teamChange(team, body, groups)),
    async () => {
      const team = (await stores.records.teams.find(teamId)) as Team;
      const changes = changesFrom(team.ceilings, boundsOf(body));
      return isRefusal(changes) || changes.length === 0
        ? changes
        : changeCeilings(stores, actor, { kind: 'team', teamId }, changes);
    },
    async () => setMemberDefaults(stores, actor, teamId, body),
    async () =>
      typeof body.blocked === 'boolean'
        ? setTeamStatus(stores, actor, { teamId, status: body.blocked ? 'suspended' : 'active' })
        : undefined,
  ];
  const done = await inTurn(steps, async (step) => step());
  if (isRefusal(done)) {
    return done;
  }
  return (await stores.records.teams.find(teamId)) as Team;
}

async function groupNames({ records }: Stores): Promise<string[]> {
  return (await records.accessGroups.list()).map(({ name }) => name);
}

/** The fields of the row itself. */
function teamChange(team: Team, body: TeamUpdate, groups: readonly string[]): TeamChange {
  const shown = metadataAfter(shownMetadata(team.metadata), body);
  const permissions = body.team_member_permissions;
  return {
    metadata: storedMetadata(shown, {
      ...extrasOf(team.metadata),
      ...keptOf(body),
      ...namelessness(body),
    }),
    // A team without a name is called by its id.
    ...(body.team_alias === undefined ? {} : { alias: body.team_alias || team.id }),
    ...(body.models === undefined ? {} : teamModelsFrom(body.models ?? [], groups)),
    ...(body.model_aliases === undefined ? {} : { modelAliases: body.model_aliases ?? {} }),
    ...(permissions === undefined ? {} : { memberPermissions: actionsOf(permissions ?? []) }),
  };
}
