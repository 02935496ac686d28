import { z } from 'zod';
import type { Actor } from '../../core/audit/audit.ts';
import { ENTRY_KINDS } from '../../core/credits/entry.ts';
import type { CreditEntry } from '../../core/credits/entry.ts';
import { topUp } from '../../core/credits/top-up.ts';
import { complaintAboutName } from '../../core/ids.ts';
import type { EntryFilter } from '../../core/list-filters.ts';
import { creditsToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import type { Team } from '../../core/teams/team.ts';
import { balanceView } from './balance-view.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import { teamInBody, teamInPath, teamInQuery } from '../target.ts';
import { CREDITS, creditsOf, inFields, MOMENT_GIVEN, teamOf } from './fields.ts';
import { ORDER } from './listing.ts';
import { moneyOf, spokenMoney } from './money.ts';
import { referenceOf } from './posting-reference.ts';
import {
  kindsOf,
  TRANSACTION_TYPES,
  transactionAsAdded,
  transactionAsListed,
} from './transaction.ts';
import { ADDED, BALANCE, ENTRIES, ENTRIES_LISTED, ENTRY_LISTED } from './answers/credits.ts';
import type { Told } from '../told.ts';

/** As documented, for whoever gives no reason. */
const DEFAULT_REASON = 'Manual credit allocation';
const HISTORY_DEFAULT = 50;
/** One page of a ledger; more is a report. */
const HISTORY_MAX = 1_000;
const HISTORY_LIMIT = z.coerce.number().int().min(1).max(HISTORY_MAX).default(HISTORY_DEFAULT);
/** What a list of transactions may be narrowed to. `after` is the id of the last one of the page before. */
const PAGE = {
  limit: HISTORY_LIMIT,
  after: z.uuid().optional(),
  kind: z.enum(ENTRY_KINDS).optional().describe('why credits moved'),
  reference: z.string().optional(),
  from: MOMENT_GIVEN.optional(),
  to: MOMENT_GIVEN.optional(),
  /** The latest first, where nothing is said. */
  order: ORDER,
};
const LISTED = z.strictObject({
  team_id: z.string(),
  ...PAGE,
  type: ENTRY_LISTED.shape.type.optional(),
});
const OF_TEAM = z.strictObject({ ...PAGE, type: z.enum(TRANSACTION_TYPES).optional() });

export const addCreditsEndpoint = endpoint({
  summary: 'Add credits',
  action: 'credits.change',
  target: teamInBody,
  body: z.strictObject({
    team_id: z.string(),
    amount: CREDITS,
    description: z.string().nullish(),
  }),
  query: NO_QUERY,
  answer: ADDED,
  handle: async ({ stores, actor, caller, body, idempotencyKey }) =>
    add(stores, {
      actor,
      teamId: body.team_id,
      amount: ['amount', body.amount],
      reason: ['description', body.description ?? DEFAULT_REASON],
      reference: referenceOf(caller, idempotencyKey),
    }),
});

export const addTeamCreditsEndpoint = endpoint({
  summary: 'Add credits, with the team in the path',
  action: 'credits.change',
  target: teamInPath,
  body: z.strictObject({ credits: CREDITS, reason: z.string().nullish() }),
  query: NO_QUERY,
  answer: ADDED,
  handle: async ({ stores, actor, caller, id, body, idempotencyKey }) =>
    add(stores, {
      actor,
      teamId: id,
      amount: ['credits', body.credits],
      reason: ['reason', body.reason ?? DEFAULT_REASON],
      reference: referenceOf(caller, idempotencyKey),
    }),
});

/** What both forms of adding ask for; each value with the name it came under. */
interface Addition {
  readonly actor: Actor;
  readonly teamId: string;
  readonly amount: readonly [field: string, value: string | number];
  readonly reason: readonly [field: string, value: string];
  readonly reference: string;
}

async function add(stores: Stores, addition: Addition): Promise<Told<typeof ADDED> | Refusal> {
  const team = await teamOf(stores, addition.teamId);
  if (isRefusal(team)) {
    return team;
  }
  const amount = creditsOf(...addition.amount);
  if (isRefusal(amount)) {
    return amount;
  }
  const [reasonField, reason] = addition.reason;
  const complaint = complaintAboutName(reason);
  if (complaint !== undefined) {
    return refuse('value_invalid', { field: reasonField, complaint });
  }
  const { reference } = addition;
  const posted = await topUp(stores, addition.actor, {
    teamId: team.id,
    amount,
    reason,
    reference,
  });
  if (isRefusal(posted)) {
    return inFields(posted, { amount: addition.amount[0] });
  }
  const { entry, repeated } = posted;
  if (repeated && entry.amount !== amount) {
    return refuse('reference_conflict', { reference });
  }
  const money = await moneyOf(stores, team);
  return {
    team_id: team.id,
    credits_added: creditsToNumber(entry.amount),
    ...spokenMoney(money),
    transaction_id: entry.postingId,
    transaction: transactionAsAdded(team, entry),
    repeated,
  };
}

/** The same under a third name that the documents have. */
export const allocateCreditsEndpoint = endpoint({
  summary: 'Add credits, by another name',
  action: 'credits.change',
  target: teamInPath,
  body: z.strictObject({ credits_amount: CREDITS, reason: z.string().nullish() }),
  query: NO_QUERY,
  answer: ADDED,
  handle: async ({ stores, actor, caller, id, body, idempotencyKey }) =>
    add(stores, {
      actor,
      teamId: id,
      amount: ['credits_amount', body.credits_amount],
      reason: ['reason', body.reason ?? DEFAULT_REASON],
      reference: referenceOf(caller, idempotencyKey),
    }),
});

export const balanceEndpoint = endpoint({
  summary: 'Balance of a team',
  action: 'credits.read',
  target: teamInQuery,
  foreign: 'Cannot access credit balance for a different team',
  body: NOTHING,
  query: z.strictObject({ team_id: z.string() }),
  answer: BALANCE,
  handle: async ({ stores, query }) => balance(stores, await teamOf(stores, query.team_id)),
});

export const teamBalanceEndpoint = endpoint({
  summary: 'Balance of a team, with the team in the path',
  action: 'credits.read',
  target: teamInPath,
  foreign: 'Cannot access credit balance for a different team',
  body: NOTHING,
  query: NO_QUERY,
  answer: BALANCE,
  handle: async ({ stores, id }) => balance(stores, await teamOf(stores, id)),
});

async function balance(
  stores: Stores,
  team: Team | Refusal,
): Promise<Told<typeof BALANCE> | Refusal> {
  return isRefusal(team) ? team : balanceView(stores, team);
}

const ALL_COUNTED: readonly string[] = [
  '`total` counts all transactions that match, not those of the page.',
];

export const transactionsEndpoint = endpoint({
  summary: 'Entries of the ledger',
  better: ALL_COUNTED,
  action: 'credits.read',
  target: teamInQuery,
  foreign: 'Cannot access credit transactions for a different team',
  body: NOTHING,
  query: LISTED,
  answer: ENTRIES_LISTED,
  async handle({ stores, query }) {
    const team = await teamOf(stores, query.team_id);
    if (isRefusal(team)) {
      return team;
    }
    const adds = query.type === undefined ? undefined : query.type === 'addition';
    return spokenPage(stores, { ...filterOf(team, query), adds }, transactionAsListed);
  },
});

export const teamTransactionsEndpoint = endpoint({
  summary: 'Entries of the ledger, with the team in the path',
  better: ALL_COUNTED,
  action: 'credits.read',
  target: teamInPath,
  foreign: 'Cannot access credit transactions for a different team',
  body: NOTHING,
  query: OF_TEAM,
  answer: ENTRIES,
  async handle({ stores, id, query }) {
    const team = await teamOf(stores, id);
    if (isRefusal(team)) {
      return team;
    }
    const filter = filterOf(team, query);
    const ofType = query.type === undefined ? undefined : kindsOf(query.type);
    const kinds = filter.kinds?.filter((kind) => ofType?.includes(kind) ?? true) ?? ofType;
    return spokenPage(stores, { ...filter, kinds }, (entry) => transactionAsAdded(team, entry));
  },
});

function filterOf(team: Team, query: z.output<z.ZodObject<typeof PAGE>>): EntryFilter {
  const { limit, after, kind, reference, from, to, order } = query;
  return {
    teamId: team.id,
    kinds: kind === undefined ? undefined : [kind],
    reference,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    descending: order !== 'asc',
    after,
    limit,
  };
}

/** A full page leads to the next one: `after` is the last transaction of this one. */
async function spokenPage<Transaction>(
  { records: { ledger } }: Stores,
  filter: EntryFilter,
  spoken: (entry: CreditEntry) => Transaction,
) {
  const { teamId, limit } = filter;
  const [entries, total] = await Promise.all([ledger.list(filter), ledger.count(filter)]);
  const last = entries.length === limit ? entries.at(-1) : undefined;
  const next = last === undefined ? {} : { next_after: last.postingId };
  return { team_id: teamId, total, transactions: entries.map(spoken), ...next };
}
