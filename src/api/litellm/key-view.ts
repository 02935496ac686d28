// Keys as LiteLLM shows them. Its `token` is the hash of the key; here it is the key's id, which says nothing of it.

import { mainBudget } from '../../core/ceilings/ceilings.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { KeySearch } from '../../core/directory/directory-records.ts';
import { subjectText } from '../../core/ceilings/subject.ts';
import { usdToNumber } from '../../core/money.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { spentBy } from '../../core/usage/spent.ts';
import { boundsView, modelLimitsView } from './bounds.ts';
import { shownOrganization } from './default-organization.ts';
import { extrasOf, shownMetadata } from './extras.ts';
import { boundsTable } from './membership-view.ts';
import { raiseView } from './raise-budget.ts';
import { isPersonalTeam } from '../../core/teams/personal-team.ts';
import type { KEY, KEY_KEPT_TOLD } from './answers/rows.ts';
import type { Told } from '../told.ts';

/** What a key is called that nobody named; LiteLLM shows none. */
export const UNNAMED = 'unnamed';

/** Fields that are kept as they came, and what they are where they did not come. */
const KEPT: Told<typeof KEY_KEPT_TOLD> = {
  config: {},
  permissions: {},
  allowed_cache_controls: [],
  allowed_routes: [],
  router_settings: {},
  access_group_ids: [],
  policies: [],
  object_permission: null,
  auto_rotate: false,
  rotation_interval: null,
  project_id: null,
  agent_id: null,
  budget_fallbacks: {},
};

export const KEY_KEPT = Object.keys(KEPT);

export async function keyViews(
  stores: Stores,
  keys: readonly VirtualKey[],
): Promise<Told<typeof KEY>[]> {
  const names = keys.map(({ id }) => nameOf(id));
  const [plans, spent] = await Promise.all([
    stores.records.plans.followed(names),
    spentBy(
      stores,
      keys.map(({ id, organizationId, ceilings }) => ({
        subject: { kind: 'key', keyId: id },
        organizationId,
        budget: mainBudget(ceilings),
      })),
    ),
  ]);
  return keys.map((key) => {
    const extras = extrasOf(key.metadata);
    const plan = plans.get(nameOf(key.id));
    const { nanoUsd = 0n, period } = spent.get(nameOf(key.id)) ?? {};
    return {
      token: key.id,
      token_id: key.id,
      key_name: `sk-...${key.lastFour}`,
      key_alias: key.name === UNNAMED ? null : key.name,
      spend: usdToNumber(nanoUsd),
      expires: key.expiresAt?.toISOString() ?? null,
      models: key.models,
      aliases: key.modelAliases,
      user_id: key.userId,
      team_id: isPersonalTeam(key.teamId) ? null : key.teamId,
      organization_id: shownOrganization(key.organizationId),
      org_id: shownOrganization(key.organizationId),
      metadata: {
        ...shownMetadata(key.metadata),
        ...modelLimitsView(key.ceilings),
        ...raiseView(key.ceilings, stores.clock()),
        ...(key.tags.length === 0 ? {} : { tags: key.tags }),
      },
      tags: key.tags,
      ...boundsView(key.ceilings, extras['budget_duration']),
      budget_reset_at: period === undefined ? null : new Date(period.endsAtMs).toISOString(),
      model_spend: {},
      blocked: key.status !== 'active',
      budget_id: plan?.id ?? null,
      litellm_budget_table: plan === undefined ? null : boundsTable(plan.ceilings, plan),
      ...KEPT,
      ...Object.fromEntries(
        KEY_KEPT.flatMap((name) => (name in extras ? [[name, extras[name]]] : [])),
      ),
      created_by: key.createdBy,
      // Who changed it last stands in the audit trail.
      updated_by: null,
      created_at: key.createdAt.toISOString(),
      updated_at: key.updatedAt.toISOString(),
      last_active: key.lastUsedAt?.toISOString() ?? null,
    };
  });
}

export async function keyView(stores: Stores, key: VirtualKey): Promise<Told<typeof KEY>> {
  const [view] = await keyViews(stores, [key]);
  // One for each that was asked for.
  return view as Told<typeof KEY>;
}

/** Those in sight that LiteLLM would know: one that was revoked is deleted there. */
export async function keyViewsOfTeams(
  stores: Stores,
  teams: readonly Team[],
  sight: Partial<KeySearch>,
): Promise<Told<typeof KEY>[]> {
  const { rows } = await stores.records.directory.keys({
    ...sight,
    teamIds: teams.map(({ id }) => id),
    revoked: false,
    sort: 'createdAt',
    descending: false,
    offset: 0,
    limit: KEYS_MAX,
  });
  return keyViews(stores, rows);
}

/** What one list of teams shows of keys at most: more would hold up the calls of this process. */
const KEYS_MAX = 5_000;

function nameOf(keyId: string): string {
  return subjectText({ kind: 'key', keyId });
}
