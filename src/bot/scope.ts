// Roles of one organization count where everything that a request names belongs to it. Where nothing is named, what
// keeps to the sight of its person (see sight.ts) is for them, too; the rest, and what names something that is not
// known, is for those alone whose role counts for all.

import type { Stores } from '../core/stores.ts';
import type { Call } from './call.ts';
import type { Argument, Reading, Subcommand } from './commands/definition.ts';

/** What a request is about, by id; an empty id is known to nobody. */
export interface Named {
  readonly teams?: readonly string[];
  readonly organizations?: readonly string[];
  /** It keeps to what each person may see: a role in any organization does. */
  readonly isOwn?: true;
}

/** The same call, asking for roles where they count for what it names. */
export async function scopedTo(call: Call, named: Named): Promise<Call> {
  const { stores, roles } = call.bot;
  const counting =
    named.isOwn === true ? roles.anywhere() : roles.within(await organizationsOf(stores, named));
  return { ...call, bot: { ...call.bot, roles: counting } };
}

/** What a subcommand is about, with these words. */
export async function namedBy(
  stores: Stores,
  subcommand: Subcommand,
  reading: Pick<Reading, 'typed' | 'values'>,
): Promise<Named> {
  // The reading was made from this subcommand's own arguments.
  return (
    (await subcommand.about?.(stores, reading.values as never)) ?? namedIn(subcommand, reading)
  );
}

/**
 * The teams and organizations that are named, but for new ones. What can't be read is known to nobody. Where one
 * must be named and none is, a form asks for it, and is asked this again when it is sent.
 */
function namedIn(
  { arguments: known, inSight }: Pick<Subcommand, 'arguments' | 'inSight'>,
  { typed, values }: Pick<Reading, 'typed' | 'values'>,
): Named {
  const naming = known.filter(({ kind, isNew }) => isNaming(kind) && isNew !== true);
  const given = naming.filter(({ name }) => typed[name] !== undefined);
  if (
    given.length === 0 &&
    (inSight === true || naming.some(({ required }) => required === true))
  ) {
    return { isOwn: true };
  }
  const idsOf = (kind: Argument['kind']) =>
    given
      .filter((each) => each.kind === kind)
      .map(({ name }) => values[name])
      .map((value) => (typeof value === 'string' ? value : ''));
  return { teams: idsOf('team'), organizations: idsOf('org') };
}

/** Whether such an argument names what belongs to an organization. */
export function isNaming(kind: Argument['kind']): boolean {
  return kind === 'team' || kind === 'org';
}

/** The organizations of all that is named; none where one of them is not known. */
async function organizationsOf(
  { records }: Pick<Stores, 'records'>,
  { teams = [], organizations = [] }: Named,
): Promise<string[]> {
  const found = await Promise.all([
    ...teams.map(async (id) => (await records.teams.find(id))?.organizationId),
    ...organizations.map(async (id) => (await records.organizations.find(id))?.id),
  ]);
  const known = found.filter((id) => id !== undefined);
  return known.length === found.length ? [...new Set(known)] : [];
}
