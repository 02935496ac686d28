import type { AccessGroup } from '../core/models/access-group.ts';
import type { Stores } from '../core/stores.ts';
import type { Sight } from './sight.ts';

export interface Catalog {
  readonly groups: readonly AccessGroup[];
  /** Names of models. */
  readonly aliases: readonly string[];
}

/** What is served, as far as the customers in sight may be given it: a group may be named after another customer. */
export async function catalogInSight(
  { records }: Pick<Stores, 'records'>,
  sight: Sight,
): Promise<Catalog> {
  const [groups, aliases, allowed] = await Promise.all([
    records.accessGroups.list(),
    records.accessGroups.aliases(),
    allowedIn(records, sight),
  ]);
  return allowed === undefined ? { groups, aliases } : narrowed({ groups, aliases }, allowed);
}

/** Names and beginnings with `*`; undefined where one of the customers may use everything. */
async function allowedIn(
  { organizations }: Pick<Stores['records'], 'organizations'>,
  sight: Sight,
): Promise<readonly string[] | undefined> {
  if (sight === 'everything') {
    return undefined;
  }
  const found = await Promise.all(sight.map(async (id) => organizations.find(id)));
  const lists = found.flatMap((each) => (each === undefined ? [] : [each.models]));
  return lists.some((models) => models.length === 0) ? undefined : lists.flat();
}

function narrowed({ groups, aliases }: Catalog, allowed: readonly string[]): Catalog {
  const isNamed = (name: string): boolean =>
    allowed.some((rule) =>
      rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : rule === name,
    );
  const whole = groups.filter(({ name }) => isNamed(name));
  const seen = groups
    .map((group) =>
      whole.includes(group) ? group : { ...group, aliases: group.aliases.filter(isNamed) },
    )
    .filter((group) => whole.includes(group) || group.aliases.length > 0);
  const granted = new Set(whole.flatMap((group) => group.aliases));
  return { groups: seen, aliases: aliases.filter((name) => isNamed(name) || granted.has(name)) };
}
