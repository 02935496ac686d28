// What calls cost at providers in SaaS LiteLLM: of its teams, of their one key, and of those for whom their programs called.

import { createHash } from 'node:crypto';
import { billionths, decimalText } from './decimal.ts';
import type { SaasRows } from './saas-rows.ts';
import { spendStep } from './spend.ts';
import { get, post, thereIf } from './step.ts';
import type { Step } from './step.ts';

type Spends = SaasRows['spends'];
type Team = SaasRows['teams'][number];

/** Half a millionth of a USD: so far each call may be from what it cost, where it is told rounded. */
const ROUNDED_BY_USD = 0.000_000_5;

/** What several spent together. */
export function spentStep(subject: string, spends: Spends, after: Step, whose?: string): Step[] {
  const sum = spends.reduce((so, { spent_usd: usd }) => so + billionths(usd), 0n);
  const rounded = spends.filter(({ is_rounded: is }) => is);
  const calls = rounded.reduce((so, row) => so + row.calls, 0);
  // One more, so that a whole half is within.
  const roundedBy = rounded.length === 0 ? 0 : (calls + 1) * ROUNDED_BY_USD;
  return spendStep(subject, decimalText(sum), after, {
    roundedBy,
    ...(whose === undefined ? {} : { whose }),
  });
}

/** A team's, and its key's: there all calls of a team are made with one. */
export function spentSteps(
  { team_id: id, virtual_key: key }: Team,
  spends: Spends,
  team: Step,
): Step[] {
  const own = spends.filter((spend) => spend.team_id === id);
  const digest = createHash('sha256')
    .update(key ?? '')
    .digest('hex');
  return [
    ...spentStep(`team:${id}`, own, team),
    ...(key ? spentStep(`key:${digest}`, own, team, `the key of team ${id}`) : []),
  ];
}

/** The users that jobs named: end users here, of the organization whose teams called for them. */
export function userSteps(
  { teams, spends }: SaasRows,
  homeOf: (team: Team) => string | undefined,
): Step[] {
  const homes = new Map(teams.map((team) => [team.team_id, homeOf(team)]));
  const named = spends.filter(({ user_id: user, team_id: id }) => user && homes.get(id));
  const each = Map.groupBy(named, ({ user_id: user, team_id: id }) =>
    JSON.stringify([homes.get(id), user]),
  );
  return [...each].flatMap(([name, own]) => {
    const [organization = '', user = ''] = JSON.parse(name) as string[];
    const whose = { organization_id: organization };
    const step: Step = {
      kind: 'end user',
      name: `${user} of ${organization}`,
      look: get('/customer/info', { end_user_id: user, ...whose }),
      progress: (status) => thereIf(status === 200),
      make: post('/customer/new', { user_id: user, ...whose }),
    };
    return [step, ...spentStep(`end_user:${organization}/${encodeURIComponent(user)}`, own, step)];
  });
}
