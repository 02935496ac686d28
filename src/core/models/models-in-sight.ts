import { isStaff } from '../permission/permissions.ts';
import type { Caller } from '../permission/caller.ts';
import type { Records, Stores } from '../stores.ts';
import { isWithin } from './organization-bounds.ts';
import { listedModels } from './listed-models.ts';
import type { ListedModel } from './listed-models.ts';

/** A model by a name that the caller may call it by. */
export interface ModelInSight extends ListedModel {
  /** The model's own name, or the key's or team's name for it. */
  readonly name: string;
}

/**
 * The models that a caller is told of, in the order of their names: every one to those who see all customers, to
 * others what their key may call, as the gate decides it for each call.
 */
export async function modelsInSight(
  stores: Pick<Stores, 'records' | 'gate'>,
  caller: Caller,
): Promise<ModelInSight[]> {
  const all = await listedModels(stores.records);
  if (isStaff(caller)) {
    return all.map((model) => ({ ...model, name: model.alias }));
  }
  const served = all.filter(({ stored }) => stored?.status !== 'inactive');
  const { names, targets, isAllowed } = await callableBy(stores, caller);
  const patterns = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const own = served
    .filter(
      ({ alias }) => names.includes(alias) || patterns.some((start) => alias.startsWith(start)),
    )
    .map((model) => ({ ...model, name: model.alias }));
  const renamed = served.flatMap((model) =>
    names
      .filter((name) => targets.get(name) === model.alias && name !== model.alias)
      .map((name) => ({ ...model, name })),
  );
  return [...own, ...renamed]
    .filter(({ alias }) => isAllowed(alias))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Callable {
  /** Names and `prefix*`. */
  readonly names: readonly string[];
  /** What names of the key's and the team's own stand for. */
  readonly targets: ReadonlyMap<string, string>;
  readonly isAllowed: (alias: string) => boolean;
}

async function callableBy(
  { records, gate }: Pick<Stores, 'records' | 'gate'>,
  { keyId, role, organizationId: managed }: Caller,
): Promise<Callable> {
  const key = keyId === undefined ? undefined : await records.keys.find(keyId);
  if (key === undefined) {
    // An admin of an organization may manage without a key: what its teams may be given is in sight.
    const names = role === 'organization_admin' ? ['*'] : [];
    return { names, targets: new Map(), isAllowed: await boundsOf(records, managed ?? '') };
  }
  const { id, teamId, organizationId } = key;
  const [names, team, isAllowed] = await Promise.all([
    gate.allowedModels({ keyId: id, teamId, organizationId }),
    records.teams.find(teamId),
    boundsOf(records, organizationId),
  ]);
  const targets = new Map(Object.entries({ ...team?.modelAliases, ...key.modelAliases }));
  return { names, targets, isAllowed };
}

/** What an organization may use at most. */
async function boundsOf(
  { organizations, accessGroups }: Pick<Records, 'organizations' | 'accessGroups'>,
  organizationId: string,
): Promise<(alias: string) => boolean> {
  const [organization, groups] = await Promise.all([
    organizations.find(organizationId),
    accessGroups.list(),
  ]);
  const bounds = organization?.models ?? [];
  return bounds.length === 0 ? () => true : isWithin(bounds, groups);
}
