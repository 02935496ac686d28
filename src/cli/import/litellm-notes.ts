// What of a LiteLLM proxy stays behind, and what goes where it did not stand.

import { billionths, decimalText } from './decimal.ts';
import { MASTER, SESSIONS } from './litellm-rows.ts';
import type { LiteLlmRows } from './litellm-rows.ts';
import type { Known } from './step.ts';

export function notesOf(rows: LiteLlmRows, homeless: string | undefined): string[] {
  const { users, tags } = rows;
  const admins = users.filter(({ user_role: role }) => role?.startsWith('proxy_admin') === true);
  const bounded = tags.filter(({ budget_id: id }) => id !== null);
  return [
    ...(homeless === undefined ? [] : [homeless]),
    ...note(
      'Budgets of tags stay behind',
      bounded.map(({ name }) => name),
    ),
    ...lostDays(rows),
    ...note('Roles over the whole system are not given by an import', admins.map(idOf)),
    'Logs of single calls, models with their keys at providers and settings of the proxy stay behind.',
  ];
}

/** Who has no organization there, and which one they have here; undefined where nobody is. */
export function homelessIn(
  { teams, keys, users, customers, customerDays }: LiteLlmRows,
  known: Known,
): string | undefined {
  const { home, homes, organizations } = known;
  const isCalledFor = new Set(customerDays.map(idOf));
  const kinds = {
    teams: teams.filter((row) => row.organization_id === null).map(({ team_id: id }) => id),
    people: users
      .filter((row) => row.user_id !== MASTER && homes.get(row.user_id) === home)
      .filter((row) => !row.organizations.includes(home))
      .map(idOf),
    keys: keys
      .filter((row) => row.team_id === null && !organizations.has(row.organization_id ?? ''))
      .filter((row) => row.team_id !== SESSIONS && (homes.get(row.user_id ?? '') ?? home) === home)
      .map((row) => row.key_alias ?? row.key_name ?? ''),
    customers: customers
      .filter((row) => !isCalledFor.has(row.user_id) && !row.blocked && row.budget_id === null)
      .map(idOf),
  };
  const told = Object.entries(kinds).flatMap(([kind, names]) =>
    names.length === 0 ? [] : [`${kind} ${shortened(names)}`],
  );
  return told.length === 0
    ? undefined
    : `Without an organization there, and so of "${home}" here (--organization names another): ${told.join('; ')}`;
}

/** What keys and teams used that are gone: nobody here could show it. */
function lostDays({ teamDays, teams, keys }: LiteLlmRows): string[] {
  const known = new Set([
    ...teams.map(({ team_id: id }) => id),
    ...keys.filter((row) => row.team_id === null).map(({ token }) => token),
  ]);
  const lost = teamDays.filter((day) => !known.has(day.team_id === '' ? day.api_key : day.team_id));
  const spent = lost.reduce((so, { spend }) => so + billionths(spend), 0n);
  return lost.length === 0
    ? []
    : [
        `Days of teams and of keys outside of teams that are gone stay behind: ${decimalText(spent)} USD`,
      ];
}

function idOf({ user_id: id }: { readonly user_id: string }): string {
  return id;
}

function note(sentence: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`${sentence}: ${shortened(names)}`];
}

/** So many tell what is meant; the rest is counted. */
const NAMED_MAX = 20;

function shortened(names: readonly string[]): string {
  const more = names.length - NAMED_MAX;
  return `${names.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
