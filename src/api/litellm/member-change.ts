// Taking people out of a team, and changing what they are in it.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { setKeyStatus } from '../../core/keys/change-key.ts';
import { removeMember, updateMember } from '../../core/members/members.ts';
import type { Member } from '../../core/members/member.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutRoles } from '../member-role.ts';
import { NO_QUERY } from '../shape.ts';
import { teamInBody } from '../target.ts';
import { detailed } from './errors.ts';
import { findTeam } from './find-team.ts';
import { setMemberBounds } from './member-bounds.ts';
import { MEMBER } from './team-fields.ts';
import { HALF_A_RAISE, isWholeRaise, momentText, RAISE, raiseBudget } from './raise-budget.ts';
import { MEMBER_MODELS } from './unheld.ts';
import { membershipsIn, teamView } from './team-view.ts';
import { TEAM } from './answers/rows.ts';
import { MEMBER_UPDATED } from './answers/changes.ts';

const NAMED = {
  team_id: z.string().nullish(),
  user_id: z.string().nullish(),
  user_email: z.string().nullish(),
};

/** The team and the member that are meant, or the mistake. */
async function namedMember(
  stores: Stores,
  { team_id: teamId, user_id: id, user_email: email }: z.output<z.ZodObject<typeof NAMED>>,
  unknown: string,
): Promise<{ readonly team: Team; readonly member: Member } | Answer> {
  if (!teamId) {
    return detailed(400, { error: 'No team id passed in' });
  }
  if (!id && !email) {
    return detailed(400, { error: 'Either user_id or user_email needs to be passed in' });
  }
  const team = await findTeam(stores, teamId);
  if (team === undefined) {
    return detailed(400, { error: `Team id=${teamId} does not exist in db` });
  }
  const found = (await membershipsIn(stores, [team])).find(({ member, user }) =>
    id ? member.userId === id : user?.email === email,
  );
  return found === undefined ? detailed(400, { error: unknown }) : { team, member: found.member };
}

export const memberDeleteEndpoint = endpoint({
  summary: 'Take a person out of a team; their keys there are revoked',
  better: ['Holds on their next call; what they used stays on record.'],
  action: 'team.people.change',
  target: teamInBody,
  body: z.strictObject(NAMED),
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: TEAM,
  async handle({ stores, actor, body }) {
    const named = await namedMember(stores, body, 'User not found in team');
    if (isAnswer(named)) {
      return named;
    }
    const { team, member } = named;
    const done = await together(stores, async (inside) => takeOut(inside, actor, member));
    return isRefusal(done) ? done : teamView(stores, team);
  },
});

async function takeOut(
  stores: Stores,
  actor: Actor,
  { teamId, userId }: Member,
): Promise<{ readonly removed: true } | Refusal> {
  const removed = await removeMember(stores, actor, { teamId, userId });
  if (isRefusal(removed)) {
    return removed;
  }
  const keys = await stores.records.keys.ofTeam(teamId);
  const reason = `${userId} was removed from the team`;
  for (const { id } of keys.filter((key) => key.userId === userId && key.status !== 'revoked')) {
    const revoked = await setKeyStatus(stores, actor, { keyId: id, status: 'revoked', reason });
    if (isRefusal(revoked)) {
      return revoked;
    }
  }
  return { removed: true };
}

export const memberUpdateEndpoint = endpoint({
  summary: "Change a member's role, budget or limits in a team",
  action: 'team.people.change',
  isNullGiven: true,
  fieldActions: {
    max_budget_in_team: 'person.limits',
    budget_duration: 'person.limits',
    tpm_limit: 'person.limits',
    rpm_limit: 'person.limits',
    temp_budget_increase: 'person.limits',
    temp_budget_expiry: 'person.limits',
  },
  target: teamInBody,
  body: z
    .strictObject({
      ...NAMED,
      role: MEMBER.shape.role.nullish(),
      max_budget_in_team: z.number().nullish(),
      budget_duration: z.string().nullish(),
      tpm_limit: z.int().nullish(),
      rpm_limit: z.int().nullish(),
      allowed_models: MEMBER_MODELS,
      ...RAISE,
    })
    .refine(isWholeRaise, HALF_A_RAISE),
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: MEMBER_UPDATED,
  async handle({ stores, actor, caller, body }) {
    const no = complaintAboutRoles(caller, [body]);
    if (no !== undefined) {
      return no;
    }
    const named = await namedMember(stores, body, "User id doesn't exist in team table.");
    if (isAnswer(named)) {
      return named;
    }
    const { teamId, userId } = named.member;
    const { role, max_budget_in_team: maxBudget, budget_duration: duration } = body;
    const { tpm_limit: tpm, rpm_limit: rpm } = body;
    const done = await together<unknown>(stores, async (inside) => {
      const subject = { kind: 'member', teamId, userId } as const;
      const bounds = { max_budget: maxBudget, tpm_limit: tpm, rpm_limit: rpm };
      const bounded =
        (await setMemberBounds(inside, actor, subject, { ...bounds, budget_duration: duration })) ??
        (await raiseBudget(inside, actor, subject, body));
      if (isRefusal(bounded)) {
        return bounded;
      }
      return role ? updateMember(inside, actor, { teamId, userId, role }) : named.member;
    });
    return isRefusal(done)
      ? done
      : {
          team_id: teamId,
          user_id: userId,
          user_email: body.user_email ?? null,
          max_budget_in_team: maxBudget ?? null,
          budget_duration: duration ?? null,
          tpm_limit: tpm ?? null,
          rpm_limit: rpm ?? null,
          temp_budget_increase: body.temp_budget_increase ?? null,
          temp_budget_expiry: momentText(body.temp_budget_expiry),
        };
  },
});
