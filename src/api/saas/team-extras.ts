// What the documents have for teams beside creating, reading and changing them.

import { z } from 'zod';
import { isRefusal, refuse } from '../../core/refusals.ts';
import { setTeamStatus } from '../../core/teams/set-status.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import { aliasesOf } from '../team-aliases.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInPath } from '../target.ts';
import { ACCESS_GROUPS, teamOf } from './fields.ts';
import { GROUPS_SET, MODEL_GROUPS_SET, TEAM_DONE } from './answers/teams.ts';

export const accessGroupsEndpoint = endpoint({
  summary: 'Replace the access groups of a team',
  action: 'team.models',
  target: teamInPath,
  versioned: 'team',
  body: ACCESS_GROUPS,
  query: NO_QUERY,
  answer: GROUPS_SET,
  async handle({ stores, actor, id, body }) {
    const known = await teamOf(stores, id);
    if (isRefusal(known)) {
      return known;
    }
    const team = await updateTeam(stores, actor, id, { accessGroups: [...new Set(body)] });
    if (isRefusal(team)) {
      return team;
    }
    return {
      team_id: id,
      access_groups: team.accessGroups,
      allowed_model_aliases: aliasesOf(team, await stores.records.accessGroups.list()),
      message: 'Model access groups assigned successfully',
    };
  },
});

/** Teams of this name come with their organization and go with it. */
const DEFAULT_TEAM = /_default$/;

export const deleteTeamEndpoint = endpoint({
  summary: 'Delete a team: its keys stop at once, its ledger and usage stay',
  action: 'team.delete',
  target: teamInPath,
  better: [
    'A deleted team is archived: its calls are refused at once, its id is not given again, and its ledger, usage and audit trail stay.',
  ],
  body: NOTHING,
  query: NO_QUERY,
  answer: TEAM_DONE,
  async handle({ stores, actor, id }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    if (DEFAULT_TEAM.test(id)) {
      const detail = `Cannot delete default team '${id}'. Default teams are protected from deletion.`;
      const complaint = 'it is the default team of its organization';
      return { refusal: refuse('value_invalid', { field: 'team_id', complaint }), detail };
    }
    const reason = 'Deleted';
    const set = await setTeamStatus(stores, actor, { teamId: id, status: 'archived', reason });
    return isRefusal(set) ? set : { team_id: id, message: `Team '${id}' deleted successfully` };
  },
});

/** Groups under the name that an older form of the documents has. */
export const modelGroupsEndpoint = endpoint({
  summary: 'Replace the access groups of a team, by their older name',
  action: 'team.models',
  target: teamInPath,
  body: z.strictObject({ model_groups: ACCESS_GROUPS }),
  query: NO_QUERY,
  answer: MODEL_GROUPS_SET,
  async handle({ stores, actor, id, body }) {
    const known = await teamOf(stores, id);
    if (isRefusal(known)) {
      return known;
    }
    const accessGroups = [...new Set(body.model_groups)];
    const team = await updateTeam(stores, actor, id, { accessGroups });
    return isRefusal(team)
      ? team
      : {
          team_id: id,
          model_groups: team.accessGroups,
          message: 'Model groups assigned successfully',
        };
  },
});
