// Ways to break the money core, each with the tests that must notice. `npm run mutants` breaks a copy of the
// tree in each way and runs them; a test keeps this list in step with the code.

export interface Mutant {
  /** What is wrong then. */
  readonly flaw: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

const SCRIPTS = 'src/storage/gate/scripts';
const GATE = [
  'test/storage/gate.test.ts',
  'test/storage/meters.test.ts',
  'test/storage/budget-meters.test.ts',
];
const MODEL = ['test/model/gate.test.ts'];
const FORGETTING = ['test/storage/forgetting.test.ts'];
const REMEMBERING = ['test/storage/remembering.test.ts'];
const PRICING = ['test/core/pricing-bound.test.ts', 'test/core/pricing-charge.test.ts'];
const END_USERS = ['test/api/litellm/customer-bounds.test.ts'];
const SPENT_BEFORE = ['test/storage/spent-before.test.ts'];
const SETTLEMENT = ['test/core/settlement.test.ts'];

export const MUTANTS: readonly Mutant[] = [
  {
    flaw: 'a balance may fall one credit below its floor',
    file: `${SCRIPTS}/admit-meters.lua`,
    from: 'charge_of(team, call, cap) <= team.spendable + team.overdraft',
    to: 'charge_of(team, call, cap) <= team.spendable + team.overdraft + 1000000',
    tests: MODEL,
  },
  {
    flaw: 'a reservation takes nothing from the balance',
    file: `${SCRIPTS}/admit.lua`,
    from: 'team.spendable = team.spendable - charge',
    to: '',
    tests: GATE,
  },
  {
    flaw: 'what is held is not counted',
    file: `${SCRIPTS}/admit.lua`,
    from: 'team.held = team.held + charge',
    to: '',
    tests: GATE,
  },
  {
    flaw: 'a ceiling refuses one too early',
    file: `${SCRIPTS}/admit-meters.lua`,
    from: 'if used + wanted > meter.max then',
    to: 'if used + wanted >= meter.max then',
    tests: GATE,
  },
  {
    flaw: 'a budget does not hold for calls under way',
    file: `${SCRIPTS}/admit-meters.lua`,
    from: 'meter.held = meter.held + amount',
    to: '',
    tests: GATE,
  },
  {
    flaw: 'calls at once are not counted',
    file: `${SCRIPTS}/admit-meters.lua`,
    from: 'meter.open = meter.open + 1',
    to: '',
    tests: GATE,
  },
  {
    flaw: 'the tightest ceiling is not the one that is named',
    file: `${SCRIPTS}/admit-meters.lua`,
    from: 'wait == NEVER or wait > worst.wait',
    to: 'wait == NEVER or wait < worst.wait',
    tests: GATE,
  },
  {
    flaw: 'a request leaves its minute a second early',
    file: `${SCRIPTS}/meters.lua`,
    from: 'if all[at] > second - WINDOW_SECONDS then',
    to: 'if all[at] > second - WINDOW_SECONDS + 1 then',
    tests: GATE,
  },
  {
    flaw: 'who waits as told comes a second too early',
    file: `${SCRIPTS}/meters.lua`,
    from: 'return entries[at] + WINDOW_SECONDS - second',
    to: 'return entries[at] + WINDOW_SECONDS - second - 1',
    tests: GATE,
  },
  {
    flaw: 'a budget begins anew a moment too late',
    file: `${SCRIPTS}/meters.lua`,
    from: 'if now < bounds[at] then',
    to: 'if now <= bounds[at] then',
    tests: GATE,
  },
  {
    flaw: 'a budget resets whenever the clock runs back',
    file: `${SCRIPTS}/admit-meters.lua`,
    from: 'if known_from and known_from >= from then',
    to: 'if known_from and known_from == from then',
    tests: GATE,
  },
  {
    flaw: 'a boost never ends',
    file: `${SCRIPTS}/meters.lua`,
    from: 'if rule.boost and now < rule.boost_until then',
    to: 'if rule.boost then',
    tests: GATE,
  },
  {
    flaw: 'the secret before a rotation works for ever',
    file: `${SCRIPTS}/admit-access.lua`,
    from: '(key[3] ~= call.hash or now >= tonumber(key[4]))',
    to: '(key[3] ~= call.hash)',
    tests: ['test/proxy/ends-by-themselves.test.ts'],
  },
  {
    flaw: 'a settlement does not release its reservation',
    file: `${SCRIPTS}/settle.lua`,
    from: 'team.spendable = team.spendable + held',
    to: '',
    tests: GATE,
  },
  {
    flaw: 'usage beyond the reservation is taken from the balance',
    file: `${SCRIPTS}/settle.lua`,
    from: 'if charge > most then',
    to: 'if false then',
    tests: MODEL,
  },
  {
    flaw: 'a call is charged each time it is settled',
    file: `${SCRIPTS}/settle.lua`,
    from: "elseif not packed and (manner ~= 'settle' or is_resolved(id)) then",
    to: "elseif not packed and manner ~= 'settle' then",
    tests: GATE,
  },
  {
    flaw: 'what was spent is not counted towards budgets',
    file: `${SCRIPTS}/settle.lua`,
    from: 'budget_text(from, spent + cost, held, position or latest)',
    to: 'budget_text(from, spent, held, position or latest)',
    tests: GATE,
  },
  {
    flaw: 'a call that ended still counts as under way',
    file: `${SCRIPTS}/settle.lua`,
    from: 'whole(math.max(0, tonumber(meter.text) - 1))',
    to: 'meter.text',
    tests: GATE,
  },
  {
    flaw: 'usage tokens that were not used stay taken',
    file: `${SCRIPTS}/settle.lua`,
    from: 'window_settled(meter, stamp, usage_tokens - amount)',
    to: 'window_settled(meter, stamp, 0)',
    tests: GATE,
  },
  {
    flaw: 'who comes back late pays twice',
    file: `${SCRIPTS}/settle.lua`,
    from: 'local rest, rest_cost = ending.charge - tonumber(charged)',
    to: 'local rest, rest_cost = ending.charge',
    tests: GATE,
  },
  {
    flaw: 'an older version of a team overwrites a newer one',
    file: `${SCRIPTS}/project-team.lua`,
    from: 'local is_newer = not exists or version >= tonumber(known[2])',
    to: 'local is_newer = true',
    tests: GATE,
  },
  {
    flaw: 'older funding overwrites newer funding',
    file: `${SCRIPTS}/project-team.lua`,
    from: 'elseif sequence > tonumber(known[4]) then',
    to: 'else',
    tests: GATE,
  },
  {
    flaw: 'a team that is loaded anew forgets what is not drained',
    file: `${SCRIPTS}/project-team.lua`,
    from: 'charged, latest = charged + undrained, at',
    to: 'latest = at',
    tests: MODEL,
  },
  {
    flaw: 'a team that is loaded anew forgets what is held',
    file: `${SCRIPTS}/project-team.lua`,
    from: 'held_by(team_id), known[7]',
    to: '0, known[7]',
    tests: MODEL,
  },
  {
    flaw: 'a budget that is loaded anew forgets what is not drained',
    file: `${SCRIPTS}/rebuild.lua`,
    from: 'spent, latest = spent + undrained, at',
    to: 'latest = at',
    tests: GATE,
  },
  {
    flaw: 'a budget that is loaded anew forgets what is held',
    file: `${SCRIPTS}/rebuild.lua`,
    from: 'taken_of(opened, subject, rule.meter, from), latest)',
    to: '0, latest)',
    tests: GATE,
  },
  {
    flaw: 'a call under way loses its reservation with Redis',
    file: `${SCRIPTS}/reopen.lua`,
    from: "redis.call('HSET', key, 'spendable', whole(tonumber(fields[2]) - tonumber(held)),",
    to: "redis.call('HSET', key, 'spendable', whole(tonumber(fields[2])),",
    tests: FORGETTING,
  },
  {
    flaw: 'the spend of a later batch replaces that of an earlier one',
    file: 'src/storage/postgres/write-usage.ts',
    from: 'spent_nano_usd = budget_spends.spent_nano_usd + excluded.spent_nano_usd',
    to: 'spent_nano_usd = excluded.spent_nano_usd',
    tests: GATE,
  },
  {
    flaw: 'a reservation whose call is in the records is charged again when it lapses',
    file: 'src/storage/reaper.ts',
    from: "drained ? 'reap' : 'lapsed'",
    to: "'lapsed'",
    tests: ['test/storage/impostors.test.ts'],
  },
  {
    flaw: 'a failed call of a team that pays by the job is charged',
    file: 'src/core/gateway/settlement.ts',
    from: "end.outcome === 'failed'",
    to: 'false',
    tests: SETTLEMENT,
  },
  {
    flaw: 'usage without a price is free',
    file: 'src/core/gateway/settlement.ts',
    from: 'return BigInt(call.reservedMicrocredits);',
    to: 'return 0n;',
    tests: SETTLEMENT,
  },
  {
    flaw: 'the bound leaves out the tier of long prompts',
    file: 'src/core/pricing/bound.ts',
    from: '(tier) => tier.aboveInputTokens < call.promptTokensUpperBound',
    to: '(tier) => tier.aboveInputTokens < 0',
    tests: PRICING,
  },
  {
    flaw: 'the bound counts one answer where several were asked for',
    file: 'src/core/pricing/bound.ts',
    from: 'outputRate * BigInt(call.answers ?? 1)',
    to: 'outputRate',
    tests: PRICING,
  },
  {
    flaw: 'what a call used above its reservation is charged when it is handed in again',
    file: 'src/storage/gate/settling.ts',
    from: '(reservation?.microcredits ?? settlement.charge).toString()',
    to: 'settlement.charge.toString()',
    tests: REMEMBERING,
  },
  {
    flaw: 'a call whose lapse is in the records is opened again where Redis forgot it',
    file: 'src/storage/gate/open-reservations.ts',
    from: 'held.isEnded ||= drained.has(held.ask.reservationId);',
    to: '',
    tests: REMEMBERING,
  },
  {
    flaw: 'a record that is built twice forgets what is not in the records yet',
    file: `${SCRIPTS}/project-team.lua`,
    from: 'charged, latest = charged + undrained, at',
    to: "charged, latest = charged + undrained, '0-0'",
    tests: REMEMBERING,
  },
  {
    flaw: 'a budget whose periods were moved counts on with what it spent in another one',
    file: `${SCRIPTS}/rebuild.lua`,
    from: 'not (exists and is_current(rule, known, place.now))',
    to: 'not (exists and known)',
    tests: GATE,
  },
  {
    flaw: 'an end user who is blocked may call',
    file: `${SCRIPTS}/admit-access.lua`,
    from: "call.end_user_status == 'blocked'",
    to: "call.end_user_status == 'never'",
    tests: END_USERS,
  },
  {
    flaw: 'what bounds an end user counts none of their calls',
    file: `${SCRIPTS}/admit.lua`,
    from: "(call.end_user_rules and gather(call, places.end_user, 'end_user', call.end_user_rules))",
    to: 'nil',
    tests: END_USERS,
  },
  {
    flaw: 'the first bound of an end user does not hold until their organization changes',
    file: 'src/core/end-users/watch-end-users.ts',
    from: 'return [{ organizationId, endUserId }, { organizationId }];',
    to: 'return [{ organizationId, endUserId }];',
    tests: END_USERS,
  },
  {
    flaw: 'the gate forgets the minute of an end user who was unbounded before',
    file: `${SCRIPTS}/project-record.lua`,
    from: "redis.call('PERSIST', KEYS[2])",
    to: '',
    tests: END_USERS,
  },
  {
    flaw: 'a budget that is set again counts on from where it was taken away',
    file: `${SCRIPTS}/rebuild.lua`,
    from: '  drop_unruled(record, rules)\n  return fields',
    to: '  return fields',
    tests: SPENT_BEFORE,
  },
  {
    flaw: 'what was spent before a budget is counted twice where it was there before',
    file: 'src/storage/postgres/budget-periods.ts',
    from: 'greatest(known.spent_nano_usd, excluded.spent_nano_usd)',
    to: 'known.spent_nano_usd + excluded.spent_nano_usd',
    tests: SPENT_BEFORE,
  },
];
