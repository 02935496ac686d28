// /organization/*: customers, in LiteLLM's words.

import { z } from 'zod';
import { mainBudget } from '../../core/ceilings/ceilings.ts';
import type { Actor } from '../../core/audit/audit.ts';
import { changeCeilings } from '../../core/ceilings/change-ceilings.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { newId } from '../../core/ids.ts';
import { usdToNumber } from '../../core/money.ts';
import { createOrganization } from '../../core/organizations/create-organization.ts';
import { setOrganizationStatus } from '../../core/organizations/set-status.ts';
import { updateOrganization } from '../../core/organizations/update-organization.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import { followPlan } from '../../core/plans/plans.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { deleteTeams } from '../../core/teams/delete-teams.ts';
import { together } from '../../core/together.ts';
import { spentBy } from '../../core/usage/spent.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { complaintAboutMetadata } from '../metadata.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { ofOrganization, organizationInBody } from '../target.ts';
import type { FindRows } from '../target.ts';
import { KEPT_OF_ORGANIZATION } from './kept-only.ts';
import { BOUNDS, boundsView, changesFrom, modelLimitsView } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { DEFAULT_ORGANIZATION } from './default-organization.ts';
import { float, wrapped } from './errors.ts';
import { findOrganization, unknownOrganization } from './find-organization.ts';
import { extrasOf, givenOf, shownMetadata, storedMetadata } from './extras.ts';
import type { Json } from './extras.ts';
import { peopleViewOf } from './organization-people.ts';
import { MADE_BY } from './made-by.ts';
import { PERSONAL_TEAM } from '../../core/teams/personal-team.ts';
import { teamViews } from './team-view.ts';
import { ORGANIZATION, ORGANIZATION_WITH_TEAMS } from './answers/rows.ts';
import type { Told } from '../told.ts';
import { unheld, UNHELD_BOUNDS } from './unheld.ts';

const FIELDS = {
  ...UNHELD_BOUNDS,
  allowed_models: unheld('list them in `models`'),
  organization_alias: z.string().nullish(),
  models: z.array(z.string()).nullish(),
  budget_id: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  object_permission: z.record(z.string(), z.unknown()).nullish(),
  ...BOUNDS,
};
type Fields = z.output<z.ZodObject<typeof FIELDS>>;

function complaintAbout(body: Fields): Answer | Refusal | undefined {
  const { max_budget: max } = body;
  return typeof max === 'number' && max < 0
    ? wrapped(400, { error: `max_budget cannot be negative. Received: ${float(max)}` })
    : complaintAboutMetadata(body.metadata);
}

/** Those that a request names; who names none is told like who names one that does not exist. */
function ofOrganizations<Body>(pick: (body: Body) => readonly string[]): FindRows<Body, unknown> {
  return async (_stores, { body }) => {
    const ids = pick(body);
    return ids.length === 0 ? [undefined] : ids.map((organizationId) => ({ organizationId }));
  };
}

function keptOf(body: Fields): Json {
  return givenOf(body, ['budget_duration', 'object_permission']);
}

/** LiteLLM's word for all of them, and an empty list, are the same. */
function modelsAllowed(models: readonly string[]): readonly string[] {
  return models.includes('all-proxy-models') ? [] : [...new Set(models)];
}

export const organizationNewEndpoint = endpoint({
  summary: 'Create an organization',
  action: 'organization.create',
  target: 'nothing',
  body: z.strictObject({
    organization_id: z.string().nullish(),
    ...FIELDS,
    organization_alias: z.string(),
  }),
  keptOnly: KEPT_OF_ORGANIZATION,
  query: NO_QUERY,
  refusals: ['plan_unknown'],
  answer: ORGANIZATION,
  async handle({ stores, actor, body }) {
    const complaint = complaintAbout(body);
    if (complaint !== undefined) {
      return complaint;
    }
    const id = body.organization_id ?? newId();
    const made = await together<Organization>(stores, async (inside) => {
      const metadata = storedMetadata(body.metadata ?? {}, keptOf(body));
      const created = await createOrganization(inside, actor, {
        id,
        name: body.organization_alias,
        models: modelsAllowed(body.models ?? []),
        metadata,
      });
      return isRefusal(created) ? created : bound(inside, actor, created, body);
    });
    return isRefusal(made) ? made : organizationView(stores, made);
  },
});

/** Budget and limits, from a plan or from the request. */
async function bound(
  stores: Stores,
  actor: Actor,
  organization: Organization,
  body: Bounds & { readonly budget_id?: string | null | undefined },
): Promise<Organization | Refusal> {
  const subject = { kind: 'organization', organizationId: organization.id } as const;
  const ceilings =
    body.budget_id === undefined
      ? organization.ceilings
      : await followPlan(stores, actor, subject, body.budget_id || null);
  if (isRefusal(ceilings)) {
    return ceilings;
  }
  const changes = changesFrom(ceilings, body);
  const done =
    isRefusal(changes) || changes.length === 0
      ? changes
      : await changeCeilings(stores, actor, subject, changes);
  // It was there, and organizations are never deleted.
  return isRefusal(done)
    ? done
    : ((await stores.records.organizations.find(organization.id)) as Organization);
}

export async function organizationView(
  stores: Stores,
  organization: Organization,
): Promise<Told<typeof ORGANIZATION>> {
  const { id, ceilings, metadata } = organization;
  const subject = { kind: 'organization', organizationId: id } as const;
  const [plans, spent] = await Promise.all([
    stores.records.plans.followed([subjectText(subject)]),
    spentBy(stores, [{ subject, organizationId: id, budget: mainBudget(ceilings) }]),
  ]);
  const plan = plans.get(subjectText(subject));
  const { nanoUsd = 0n, period } = spent.get(subjectText(subject)) ?? {};
  const extras = extrasOf(metadata);
  return {
    organization_id: id,
    organization_alias: organization.name,
    budget_id: plan?.id ?? '',
    spend: usdToNumber(nanoUsd),
    models: organization.models,
    model_spend: {},
    metadata: { ...shownMetadata(metadata), ...modelLimitsView(ceilings) },
    object_permission: (extras['object_permission'] ?? null) as Json | null,
    litellm_budget_table: {
      budget_id: plan?.id ?? null,
      ...boundsView(ceilings, extras['budget_duration']),
      budget_reset_at: period === undefined ? null : new Date(period.endsAtMs).toISOString(),
    },
    object_permission_id: null,
    ...MADE_BY,
    created_at: organization.createdAt.toISOString(),
    updated_at: organization.updatedAt.toISOString(),
  };
}

/** What one organization shows of its teams at most. */
const TEAMS_MAX = 10_000;

async function withTeams(
  stores: Stores,
  organization: Organization,
): Promise<Told<typeof ORGANIZATION_WITH_TEAMS>> {
  const { rows } = await stores.records.directory.teams({
    organizationIds: [organization.id],
    archived: false,
    idBeginsNot: PERSONAL_TEAM,
    sort: 'alias',
    descending: false,
    offset: 0,
    limit: TEAMS_MAX,
  });
  const [view, members, teams] = await Promise.all([
    organizationView(stores, organization),
    peopleViewOf(stores, organization.id),
    teamViews(stores, rows),
  ]);
  return { ...view, members, teams };
}

export const organizationUpdateEndpoint = endpoint({
  summary: 'Change an organization',
  action: 'organization.change',
  target: organizationInBody,
  body: z.strictObject({ organization_id: z.string().nullish(), ...FIELDS }),
  keptOnly: KEPT_OF_ORGANIZATION,
  query: NO_QUERY,
  answer: ORGANIZATION_WITH_TEAMS,
  async handle({ stores, actor, body }) {
    const id = body.organization_id ?? '';
    const organization = await findOrganization(stores, id);
    const complaint = organization === undefined ? unknownOrganization(id) : complaintAbout(body);
    if (complaint !== undefined || organization === undefined) {
      return complaint ?? unknownOrganization(id);
    }
    const updated = await together<Organization>(stores, async (inside) => {
      const { metadata } = organization;
      const shown = body.metadata === undefined ? shownMetadata(metadata) : (body.metadata ?? {});
      const changed = await updateOrganization(inside, actor, organization.id, {
        metadata: storedMetadata(shown, { ...extrasOf(metadata), ...keptOf(body) }),
        ...(typeof body.organization_alias === 'string' ? { name: body.organization_alias } : {}),
        ...(body.models ? { models: modelsAllowed(body.models) } : {}),
      });
      return isRefusal(changed) ? changed : bound(inside, actor, changed, body);
    });
    return isRefusal(updated) ? updated : withTeams(stores, updated);
  },
});

/** Each is taken out of use with all of its teams, in one transaction. */
const DELETION = z.strictObject({ organization_ids: z.array(z.string()).max(50) });

export const organizationDeleteEndpoint = endpoint({
  summary: 'Delete organizations with their teams: all of them or none; the ledger stays',
  action: 'organization.change',
  target: ofOrganizations<z.output<typeof DELETION>>(({ organization_ids: ids }) => ids),
  body: DELETION,
  query: NO_QUERY,
  answer: z.array(ORGANIZATION),
  async handle({ stores, actor, body }) {
    const found: Organization[] = [];
    for (const id of body.organization_ids) {
      const organization = await findOrganization(stores, id);
      if (organization === undefined) {
        return wrapped(404, { error: `Organization=${id} not found` });
      }
      found.push(organization);
    }
    const views = await Promise.all(found.map(async (each) => organizationView(stores, each)));
    const deleted = await together(stores, async (inside) => {
      for (const { id } of found) {
        const refusal = await deleteOrganization(inside, actor, id);
        if (refusal !== undefined) {
          return refusal;
        }
      }
      return views;
    });
    return deleted;
  },
});

async function deleteOrganization(
  stores: Stores,
  actor: Actor,
  organizationId: string,
): Promise<Refusal | undefined> {
  const { rows } = await stores.records.directory.teams({
    organizationIds: [organizationId],
    archived: false,
    sort: 'id',
    descending: false,
    offset: 0,
    limit: TEAMS_MAX,
  });
  const teams = await deleteTeams(
    stores,
    actor,
    rows.map(({ id }) => id),
  );
  const set = isRefusal(teams)
    ? teams
    : await setOrganizationStatus(stores, actor, {
        organizationId,
        status: 'archived',
        reason: 'deleted',
      });
  return isRefusal(set) ? set : undefined;
}

export const organizationListEndpoint = endpoint({
  summary: 'Organizations, with their people and teams',
  action: 'organization.read',
  target: 'listed',
  body: NOTHING,
  query: z.strictObject({ org_id: z.string().optional(), org_alias: z.string().optional() }),
  answer: z.array(ORGANIZATION_WITH_TEAMS),
  async handle({ stores, query, within }) {
    const all = await stores.records.organizations.list();
    const alias = query.org_alias?.toLowerCase();
    const seen = all.filter(
      ({ id, name, status }) =>
        id !== DEFAULT_ORGANIZATION &&
        status !== 'archived' &&
        (within.organizationId === undefined || within.organizationId === id) &&
        (query.org_id === undefined || query.org_id === id) &&
        (alias === undefined || name.toLowerCase().includes(alias)),
    );
    const views: Told<typeof ORGANIZATION_WITH_TEAMS>[] = [];
    for (const organization of seen) {
      views.push(await withTeams(stores, organization));
    }
    return views;
  },
});

interface NamesOne {
  readonly organization_id: string;
}

export const organizationInfoEndpoint = endpoint({
  summary: 'An organization with its people and teams',
  action: 'organization.read',
  target: ofOrganization<unknown, NamesOne>(({ query }) => query.organization_id),
  body: NOTHING,
  query: z.strictObject({ organization_id: z.string() }),
  answer: ORGANIZATION_WITH_TEAMS,
  async handle({ stores, query }) {
    const organization = await findOrganization(stores, query.organization_id);
    return organization === undefined
      ? wrapped(404, { error: 'Organization not found' })
      : withTeams(stores, organization);
  },
});

const SEVERAL = z.strictObject({ organizations: z.array(z.string()).max(500) });

export const organizationInfosEndpoint = endpoint({
  summary: 'Organizations by their ids',
  action: 'organization.read',
  target: ofOrganizations<z.output<typeof SEVERAL>>(({ organizations: ids }) => ids),
  body: SEVERAL,
  missing: 'told otherwise',
  query: NO_QUERY,
  answer: z.array(ORGANIZATION),
  async handle({ stores, body }) {
    if (body.organizations.length === 0) {
      return wrapped(400, { error: "Specify list of organization id's to query. Passed in=[]" });
    }
    const views: Told<typeof ORGANIZATION>[] = [];
    for (const id of body.organizations) {
      const organization = await findOrganization(stores, id);
      if (organization !== undefined) {
        views.push(await organizationView(stores, organization));
      }
    }
    return views;
  },
});
