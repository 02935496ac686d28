// Taking many people into a team: told with a 200 also where nothing was done.

import { z } from 'zod';
import { isRefusal, publicSentence } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutRoles } from '../member-role.ts';
import { NO_QUERY } from '../shape.ts';
import { teamInBody } from '../target.ts';
import { detailed } from './errors.ts';
import { findTeam } from './find-team.ts';
import { addAll, MEMBERS_MAX } from './member-add.ts';
import { MEMBER } from './team-fields.ts';
import type { MemberGiven } from './team-fields.ts';
import { MEMBERS_ADDED_EACH } from './answers/changes.ts';
import type { MEMBERS_ADDED } from './answers/changes.ts';
import type { Told } from '../told.ts';

export const bulkMemberAddEndpoint = endpoint({
  summary: 'Add many people to a team: all of them or none',
  action: 'team.people.change',
  isNullGiven: true,
  fieldActions: { max_budget_in_team: 'person.limits', all_users: 'organization.people.change' },
  target: teamInBody,
  body: z.strictObject({
    team_id: z.string(),
    members: z.array(MEMBER).nullish(),
    all_users: z.boolean().nullish(),
    max_budget_in_team: z.number().nullish(),
  }),
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: MEMBERS_ADDED_EACH,
  async handle({ stores, actor, caller, body }) {
    const no = complaintAboutRoles(caller, body.members ?? []);
    if (no !== undefined) {
      return no;
    }
    const team = await findTeam(stores, body.team_id);
    const members = body.all_users === true ? await everybody(stores, team) : (body.members ?? []);
    if (members.length === 0) {
      return detailed(400, { error: 'At least one member is required' });
    }
    if (members.length > MEMBERS_MAX) {
      return detailed(400, { error: `Maximum ${MEMBERS_MAX} members can be added at once` });
    }
    const done =
      team === undefined
        ? detailed(404, { error: `Team not found for team_id=${body.team_id}` })
        : await addAll(stores, actor, team, { ...body, member: members });
    return bulkAnswer(body.team_id, members, done);
  },
});

/** All people of the team's organization: those of others never come into it. */
async function everybody({ records }: Stores, team: Team | undefined): Promise<MemberGiven[]> {
  const users = team === undefined ? [] : await records.users.list(team.organizationId);
  return users.map(({ id, email }) => ({ user_id: id, user_email: email, role: 'user' }));
}

/** What became of each; told with a 200 also where nothing was done. */
function bulkAnswer(
  teamId: string,
  members: readonly MemberGiven[],
  done: Told<typeof MEMBERS_ADDED> | Answer | Refusal,
): Told<typeof MEMBERS_ADDED_EACH> {
  const error = isRefusal(done) ? publicSentence(done) : isAnswer(done) ? wordsOf(done) : null;
  const team = isRefusal(done) || isAnswer(done) ? null : done;
  const users = team?.updated_users ?? [];
  const memberships = team?.updated_team_memberships ?? [];
  const results = members.map(({ user_id: id, user_email: email }) => {
    const user = users.find(
      (each) => (id && each.user_id === id) || (email && each.user_email === email),
    );
    const membership = memberships.find((each) => each.user_id === (user?.user_id ?? id));
    return {
      user_id: id ?? null,
      user_email: email ?? null,
      success: error === null,
      error,
      updated_user: user ?? null,
      updated_team_membership: membership ?? null,
    };
  });
  return {
    team_id: teamId,
    results,
    total_requested: members.length,
    successful_additions: error === null ? members.length : 0,
    failed_additions: error === null ? 0 : members.length,
    updated_team: team,
  };
}

function wordsOf({ body }: Answer): string {
  const { detail, error } = body as {
    readonly detail?: { readonly error: string };
    readonly error?: { readonly message: string };
  };
  return detail?.error ?? error?.message ?? 'refused';
}
