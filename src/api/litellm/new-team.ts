// /team/new: a team with its members, models, budgets and limits, all of it or nothing.

import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { NO_CEILINGS } from '../../core/ceilings/ceilings.ts';
import { setCreditPolicy } from '../../core/credits/policy.ts';
import { newId } from '../../core/ids.ts';
import { addMembers } from '../../core/members/add-members.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { may } from '../../core/permission/permissions.ts';
import { inTurn } from '../../core/in-turn.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { createKeylessTeam } from '../../core/teams/create-team.ts';
import { setTeamStatus } from '../../core/teams/set-status.ts';
import { updateTeam } from '../../core/teams/update-team.ts';
import type { Team } from '../../core/teams/team.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY } from '../shape.ts';
import { ofOrganization } from '../target.ts';
import { KEPT_OF_TEAM } from './kept-only.ts';
import { changesFrom } from './bounds.ts';
import { DEFAULT_ORGANIZATION, organizationFrom } from './default-organization.ts';
import { wrapped } from './errors.ts';
import { storedMetadata } from './extras.ts';
import { MASTER_USER } from './made-by.ts';
import { setMemberDefaults } from './member-defaults.ts';
import { teamModelsFrom } from './model-lists.ts';
import { complaintAboutOrganization } from './organization-rules.ts';
import { peopleOf } from './people.ts';
import { actionsOf } from './team-permissions.ts';
import {
  MEMBER,
  TEAM_FIELDS,
  boundsOf,
  complaintAboutBudgets,
  complaintAboutSoft,
  keptOf,
  metadataAfter,
  namelessness,
} from './team-fields.ts';
import type { MemberGiven } from './team-fields.ts';
import { teamView } from './team-view.ts';
import { TEAM } from './answers/rows.ts';

/** As many as join a team at once. */
const MEMBERS_AT_ONCE_MAX = 500;

const NEW_TEAM = z.strictObject({
  team_id: z.string().nullish(),
  members_with_roles: z.array(MEMBER).max(MEMBERS_AT_ONCE_MAX).nullish(),
  ...TEAM_FIELDS,
});
type NewTeam = z.output<typeof NEW_TEAM>;

export const newTeamEndpoint = endpoint({
  summary: 'Create a team',
  better: [
    'All of it or nothing: a part that is refused leaves nothing behind.',
    'A budget holds from the first call on, because what a call may cost is held before it is made.',
    'Made by whoever manages one organization, it has no credits until somebody gives it some.',
  ],
  action: 'team.create',
  target: ofOrganization<NewTeam, unknown>(({ body }) => organizationFrom(body.organization_id)),
  body: NEW_TEAM,
  keptOnly: KEPT_OF_TEAM,
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: TEAM,
  async handle({ stores, actor, caller, body }) {
    const mistake =
      complaintAboutBudgets(body) ??
      complaintAboutSoft(body.soft_budget, body.max_budget) ??
      (await complaintAboutOrganization(stores, body.organization_id, boundsOf(body)));
    const complaint = mistake ?? complaintAboutMetadata(body.metadata);
    if (complaint !== undefined) {
      return complaint;
    }
    const organizationId = organizationFrom(body.organization_id);
    const people = await membersOf(stores, organizationId, caller, body);
    if (isAnswer(people)) {
      return people;
    }
    const made = await together(stores, async (inside) =>
      makeTeam(inside, actor, { body, organizationId, people, isFree: may(caller, 'team.terms') }),
    );
    return isRefusal(made) ? told(made, body) : teamView(stores, made);
  },
});

interface Wish {
  readonly body: NewTeam;
  readonly organizationId: string;
  /** Whether budgets alone decide; credits are given by whoever runs this system. */
  readonly isFree: boolean;
  readonly people: readonly (MemberGiven & { readonly userId: string; readonly email?: string })[];
}

/** Those who were named, and whoever makes it. */
async function membersOf(
  stores: Stores,
  organizationId: string,
  { userId = MASTER_USER }: Caller,
  { members_with_roles: given }: NewTeam,
): Promise<Wish['people'] | Answer> {
  const named = given ?? [];
  const people = await peopleOf(stores, organizationId, named);
  if (isAnswer(people)) {
    return people;
  }
  const members = named.map((member, at) => {
    // One for each that was named.
    const { userId: id, email } = people[at] as (typeof people)[number];
    return { ...member, userId: id, ...(email === undefined ? {} : { email }) };
  });
  return members.some((member) => member.userId === userId)
    ? members
    : [...members, { role: 'admin', userId }];
}

/** Every step is an operation of core; the first refusal undoes all of them. */
async function makeTeam(
  stores: Stores,
  actor: Actor,
  { body, organizationId, people, isFree }: Wish,
): Promise<Team | Refusal> {
  const teamId = body.team_id ?? newId();
  const groups = (await stores.records.accessGroups.list()).map(({ name }) => name);
  const { accessGroups, models } = teamModelsFrom(body.models ?? [], groups);
  const changes = changesFrom(NO_CEILINGS, boundsOf(body));
  if (isRefusal(changes)) {
    return changes;
  }
  const steps: readonly (() => Promise<unknown>)[] = [
    async () =>
      createKeylessTeam(stores, actor, {
        id: teamId,
        organizationId,
        alias: body.team_alias || undefined,
        accessGroups,
        credits: 0n,
        // Its calls are charged what they cost, so that the ledger says the same as its spend.
        terms: { budgetMode: 'consumption_usd' },
        metadata: storedMetadata(metadataAfter({}, body), {
          ...keptOf(body),
          ...namelessness({ team_alias: body.team_alias ?? null }),
        }),
        createOrganization: organizationId === DEFAULT_ORGANIZATION,
      }),
    // LiteLLM knows no credits: budgets in USD decide.
    async () =>
      isFree ? setCreditPolicy(stores, actor, teamId, { limitPolicy: 'unlimited' }) : undefined,
    async () =>
      updateTeam(stores, actor, teamId, {
        models,
        modelAliases: body.model_aliases ?? {},
        memberPermissions: actionsOf(body.team_member_permissions ?? []),
      }),
    async () => changeCeilings(stores, actor, { kind: 'team', teamId }, changes),
    async () => addMembers(stores, actor, teamId, people),
    async () => setMemberDefaults(stores, actor, teamId, body),
    async () =>
      body.blocked === true
        ? setTeamStatus(stores, actor, { teamId, status: 'suspended', reason: 'blocked' })
        : undefined,
  ];
  const done = await inTurn(steps, async (step) => step());
  if (isRefusal(done)) {
    return done;
  }
  // Made above, in the same change.
  return (await stores.records.teams.find(teamId)) as Team;
}

function told(refusal: Refusal, body: NewTeam): Refusal | Answer {
  if (refusal.refused === 'team_exists') {
    const error = `Team id = ${body.team_id} already exists. Please use a different team id.`;
    return wrapped(400, { error });
  }
  return refusal.refused === 'organization_unknown'
    ? wrapped(400, `Organization not found for organization_id=${body.organization_id}`)
    : refusal;
}
