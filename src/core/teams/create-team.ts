import type { Actor } from '../audit/audit.ts';
import { changeOnce, isRepeated, tellGateOfNew } from '../change.ts';
import type { Repeated } from '../change.ts';
import type { FundingPosting } from '../credits/entry.ts';
import { complaintAboutFunding, FUNDING_REASON_OF_NEW_TEAM } from '../credits/funding.ts';
import type { ProjectionSubject } from '../gateway/gate.ts';
import { complaintAboutId, complaintAboutName } from '../ids.ts';
import { insertKey } from '../keys/create-key.ts';
import { complaintAboutUnknownModels } from '../models/known-models.ts';
import {
  complaintAboutAliases,
  complaintAboutModels,
  modelsOfTeam,
} from '../models/model-rules.ts';
import { insertOrganization } from '../organizations/create-organization.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Records, Stores } from '../stores.ts';
import type { NewTeam } from './team-records.ts';
import { complaintAboutTerms } from './terms.ts';
import { PLAIN_TEAM } from './team.ts';
import type { Team } from './team.ts';

export interface TeamWish {
  readonly id: string;
  readonly organizationId: string;
  readonly alias?: string | undefined;
  readonly accessGroups: readonly string[];
  /** Models beside those of the groups: names, or `prefix*`. */
  readonly models?: readonly string[] | undefined;
  /** Its own names for models. */
  readonly modelAliases?: Readonly<Record<string, string>> | undefined;
  /** Initial allocation in microcredits; 0 allocates nothing. */
  readonly credits: bigint;
  readonly terms?: Partial<
    Pick<Team, 'budgetMode' | 'microcreditsPerUsd' | 'tokensPerCredit' | 'markupBasisPoints'>
  >;
  readonly channelId?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Creates the organization too if it does not exist yet. */
  readonly createOrganization?: boolean | undefined;
}

export interface TeamCreated {
  readonly team: Team;
  readonly keyId: string;
  /** The one moment at which the key is known. Never to be logged, stored or sent through Slack. */
  readonly secretKey: string;
  readonly organizationCreated: boolean;
}

/** The name of the key that every team begins with. */
const FIRST_KEY_NAME = 'first';

/** Creates a team with its account, its initial allocation and its first key: all or nothing. */
export async function createTeam(
  stores: Stores,
  actor: Actor,
  wish: TeamWish,
  onceKey?: string,
): Promise<TeamCreated | Refusal | Repeated> {
  const created = await changeOnce(stores.records, onceKey, async (records) => {
    const made = await insertTeam(stores, records, actor, wish);
    if (isRefusal(made)) {
      return made;
    }
    const firstKey = { teamId: wish.id, name: FIRST_KEY_NAME, expiresAt: null };
    const key = await insertKey(stores, records, actor, made.team, firstKey);
    return isRefusal(key) ? key : { ...made, keyId: key.keyId, secretKey: key.secretKey };
  });
  if (!isRefusal(created) && !isRepeated(created)) {
    await tellGateOfNew(stores, ...subjectsIn(created), { keyId: created.keyId });
  }
  return created;
}

/** As createTeam, but the team has no key yet. */
export async function createKeylessTeam(
  stores: Stores,
  actor: Actor,
  wish: TeamWish,
): Promise<Pick<TeamCreated, 'team' | 'organizationCreated'> | Refusal> {
  const created = await stores.records.change(async (records) =>
    insertTeam(stores, records, actor, wish),
  );
  if (!isRefusal(created)) {
    await tellGateOfNew(stores, ...subjectsIn(created));
  }
  return created;
}

/** The gate has its own word of an organization that was there before. */
function subjectsIn({
  team,
  organizationCreated,
}: Pick<TeamCreated, 'team' | 'organizationCreated'>): ProjectionSubject[] {
  const organization = { organizationId: team.organizationId };
  return [...(organizationCreated ? [organization] : []), { teamId: team.id }];
}

async function insertTeam(
  stores: Stores,
  records: Records,
  actor: Actor,
  wish: TeamWish,
): Promise<Pick<TeamCreated, 'team' | 'organizationCreated'> | Refusal> {
  const team = { ...blankTeam(stores, wish), accessGroups: [...new Set(wish.accessGroups)] };
  const refusal = complaintAboutTeam(team) ?? complaintAboutCredits(wish.credits);
  if (refusal !== undefined) {
    return refusal;
  }
  const organizationCreated = await ensurePlace(records, actor, team, wish);
  if (isRefusal(organizationCreated)) {
    return organizationCreated;
  }
  const inserted = await records.teams.insert(team);
  if (inserted === undefined) {
    const other = await records.teams.find(team.id);
    return refuse('team_exists', { team: team.id, organization: other?.organizationId ?? '?' });
  }
  await records.ledger.open(team.id, firstFunding(actor, wish));
  await tellOthers(records, actor, team, wish);
  return { team: inserted, organizationCreated };
}

function blankTeam(stores: Stores, wish: TeamWish): NewTeam {
  return {
    ...PLAIN_TEAM,
    ...stores.settings.newTeam,
    ...wish.terms,
    id: wish.id,
    organizationId: wish.organizationId,
    alias: wish.alias ?? wish.id,
    models: modelsOfTeam(wish.models ?? []),
    modelAliases: wish.modelAliases ?? {},
    channelId: wish.channelId ?? null,
    metadata: wish.metadata ?? {},
  };
}

function complaintAboutTeam(team: NewTeam): Refusal | undefined {
  const aboutId = complaintAboutId(team.id);
  if (aboutId !== undefined) {
    return refuse('value_invalid', { field: 'team_id', complaint: aboutId });
  }
  const aboutAlias = complaintAboutName(team.alias);
  if (aboutAlias !== undefined) {
    return refuse('value_invalid', { field: 'team_alias', complaint: aboutAlias });
  }
  return complaintAboutTerms(team);
}

/** What the team belongs to and may call is there, or is made. Answers whether its organization was made. */
async function ensurePlace(
  records: Records,
  actor: Actor,
  team: NewTeam,
  wish: TeamWish,
): Promise<boolean | Refusal> {
  const isNew = (await records.organizations.find(team.organizationId)) === undefined;
  if (isNew && wish.createOrganization !== true) {
    return refuse('organization_unknown', { organization: team.organizationId });
  }
  const refusal = await complaintAboutAccess(records, team, wish);
  if (refusal !== undefined || !isNew) {
    return refusal ?? false;
  }
  const wished = { id: wish.organizationId, name: wish.organizationId };
  return (await insertOrganization(records, actor, wished)) ?? true;
}

async function complaintAboutAccess(
  records: Records,
  team: NewTeam,
  wish: TeamWish,
): Promise<Refusal | undefined> {
  return (
    (await complaintAboutGroups(records, team.accessGroups)) ??
    complaintAboutModels(wish.models ?? []) ??
    complaintAboutAliases(team.modelAliases) ??
    (await complaintAboutUnknownModels(records, { field: 'models', names: team.models })) ??
    complaintAboutUnknownModels(records, {
      field: 'model_aliases',
      names: Object.values(team.modelAliases),
    })
  );
}

/** Refuses the first group that does not exist, and names those that do. */
export async function complaintAboutGroups(
  records: Records,
  accessGroups: readonly string[],
): Promise<Refusal | undefined> {
  if (accessGroups.length === 0) {
    return undefined;
  }
  const existing = await records.accessGroups.existing(accessGroups);
  const unknown = accessGroups.find((name) => !existing.includes(name));
  if (unknown === undefined) {
    return undefined;
  }
  const known = (await records.accessGroups.list()).map((group) => group.name).join(', ');
  return refuse('access_group_unknown', { group: unknown, known: known || 'none' });
}

function complaintAboutCredits(credits: bigint): Refusal | undefined {
  const complaint =
    credits === 0n ? undefined : complaintAboutFunding(credits, { balance: 0n, funded: 0n });
  return complaint === undefined
    ? undefined
    : refuse('value_invalid', { field: 'credits', complaint });
}

function firstFunding(actor: Actor, wish: TeamWish): FundingPosting | undefined {
  return wish.credits === 0n
    ? undefined
    : {
        teamId: wish.id,
        kind: 'grant',
        amount: wish.credits,
        actor: actor.id,
        reason: FUNDING_REASON_OF_NEW_TEAM,
        reference: 'initial',
      };
}

async function tellOthers(
  records: Records,
  actor: Actor,
  team: NewTeam,
  wish: TeamWish,
): Promise<void> {
  await records.audit.write({
    actor,
    action: 'team.created',
    target: `team:${team.id}`,
    after: {
      organizationId: team.organizationId,
      accessGroups: team.accessGroups,
      budgetMode: team.budgetMode,
      allocatedMicrocredits: wish.credits.toString(),
    },
  });
  await records.outbox.add({ kind: 'team.changed', teamId: team.id });
}
