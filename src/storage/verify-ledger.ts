// What must always hold of each account, computed anew from its entries. The database keeps these rules as it
// writes; this finds what came past it: a repair by hand, a restored part, a disk.

import type { PrismaClient } from './generated/client.ts';
import { reached } from './postgres/client.ts';
import type { PostgresScope } from './postgres/client.ts';

/** Names at a time; each account is a statement of its own, so of one moment. */
const ACCOUNTS_AT_ONCE = 500;
const POSTINGS_AT_ONCE = 20_000;
/** A busy team writes hundreds of thousands of entries a day, and all of them are read. */
const STATEMENT_TIMEOUT_MS = 600_000;

export interface VerifiedAccounts {
  readonly verified: number;
  readonly broken: readonly BrokenAccount[];
}

export interface BrokenAccount {
  readonly account: string;
  readonly complaint: string;
}

/** Reads the whole ledger, an account at a time, while credits are used. Changes nothing. */
export async function verifyAccounts(postgres: PrismaClient): Promise<VerifiedAccounts> {
  const broken = await verifyPostings(postgres);
  let [verified, after] = [0, ''];
  for (;;) {
    const ids = await accountsAfter(postgres, after);
    for (const id of ids) {
      const row = await patiently(postgres, async (scope) => accountOf(scope, id));
      broken.push(...(row === undefined ? [] : complaintsAbout(row)));
    }
    verified += ids.length;
    const last = ids.at(-1);
    if (last === undefined || ids.length < ACCOUNTS_AT_ONCE) {
      return { verified, broken };
    }
    after = last;
  }
}

async function accountsAfter(postgres: PrismaClient, after: string): Promise<string[]> {
  const rows = await reached(
    'Listing the accounts of the ledger',
    postgres.$queryRaw<{ id: string }[]>`
      SELECT id FROM credit_accounts WHERE team_id IS NOT NULL AND id COLLATE "C" > ${after} COLLATE "C"
      ORDER BY id COLLATE "C" LIMIT ${ACCOUNTS_AT_ONCE}`,
  );
  return rows.map((row) => row.id);
}

/** Asks with more time than a statement usually has. */
async function patiently<Answer>(
  postgres: PrismaClient,
  ask: (scope: PostgresScope) => Promise<Answer>,
): Promise<Answer> {
  return reached(
    'Verifying the ledger',
    postgres.$transaction(
      async (scope) => {
        await scope.$executeRawUnsafe(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
        return ask(scope);
      },
      { timeout: STATEMENT_TIMEOUT_MS },
    ),
  );
}

interface AccountRow {
  readonly account: string;
  readonly balance: bigint;
  readonly funded: bigint;
  readonly used: bigint;
  readonly sequence: bigint;
  readonly entries: bigint;
  readonly highest: bigint;
  readonly total: bigint;
  readonly paid: bigint;
  readonly spent: bigint;
  readonly broken_chain: bigint | null;
  readonly left: bigint;
  readonly rolled_up: bigint;
}

async function accountOf(scope: PostgresScope, id: string): Promise<AccountRow | undefined> {
  const [row] = await scope.$queryRaw<AccountRow[]>`
    SELECT a.id AS account, a.balance, a.funded, a.used, a.sequence, e.*, coalesce(g.left, 0)::bigint AS left,
      coalesce(u.rolled_up, 0)::bigint AS rolled_up
    FROM credit_accounts AS a
    CROSS JOIN LATERAL (
      SELECT count(*) AS entries, coalesce(max(sequence), 0) AS highest, coalesce(sum(amount), 0)::bigint AS total,
        coalesce(sum(amount) FILTER (WHERE kind <> 'usage'), 0)::bigint AS paid,
        coalesce(-sum(amount) FILTER (WHERE kind = 'usage'), 0)::bigint AS spent,
        min(sequence) FILTER (WHERE balance_after <> before + amount) AS broken_chain
      FROM (
        SELECT *, lag(balance_after, 1, 0::bigint) OVER (ORDER BY sequence) AS before
        FROM credit_entries WHERE account_id = a.id
      ) AS line
    ) AS e
    LEFT JOIN LATERAL (SELECT sum(remaining) AS left FROM credit_grants WHERE team_id = a.team_id) AS g ON true
    LEFT JOIN LATERAL (
      SELECT sum(charge) AS rolled_up FROM usage_by_team WHERE team_id = a.team_id AND grain = 'month'
    ) AS u ON true
    WHERE a.id = ${id}`;
  return row;
}

function complaintsAbout(row: AccountRow): BrokenAccount[] {
  const covered = row.balance > 0n ? row.balance : 0n;
  const rules: readonly (readonly [boolean, string])[] = [
    [row.total === row.balance, `its entries sum to ${row.total}, its balance is ${row.balance}`],
    [row.paid === row.funded, `it was funded with ${row.paid}, the account says ${row.funded}`],
    [row.spent === row.used, `its usage entries take ${row.spent}, the account says ${row.used}`],
    [
      row.entries === row.sequence && row.highest === row.sequence,
      `it has ${row.entries} entries up to ${row.highest}, the account counted ${row.sequence}`,
    ],
    [
      row.broken_chain === null,
      `entry ${row.broken_chain} does not follow from the balance of the one before`,
    ],
    [row.left === covered, `its grants hold ${row.left}, of a balance of ${row.balance}`],
    [
      row.rolled_up === row.used,
      `its months of usage sum to ${row.rolled_up}, its usage to ${row.used}`,
    ],
  ];
  return rules
    .filter(([holds]) => !holds)
    .map(([, complaint]) => ({ account: row.account, complaint: `${complaint} (microcredits)` }));
}

async function verifyPostings(postgres: PrismaClient): Promise<BrokenAccount[]> {
  const broken: BrokenAccount[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await patiently(postgres, async (scope) => postingsAfter(scope, after));
    for (const id of page?.wrong ?? []) {
      broken.push({ account: `posting ${id}`, complaint: 'its lines do not sum to 0' });
    }
    if (page?.last === undefined || page.last === null) {
      return broken;
    }
    after = page.last;
  }
}

interface PostingsPage {
  /** Null on the page after the last. */
  readonly last: string | null;
  readonly wrong: readonly string[] | null;
}

async function postingsAfter(
  scope: PostgresScope,
  after: string,
): Promise<PostingsPage | undefined> {
  const [page] = await scope.$queryRaw<PostingsPage[]>`
    SELECT max(posting_id::text) AS last, array_agg(posting_id::text) FILTER (WHERE total <> 0) AS wrong
    FROM (
      SELECT posting_id, sum(amount) AS total FROM credit_entries WHERE posting_id > ${after}::uuid
      GROUP BY posting_id ORDER BY posting_id LIMIT ${POSTINGS_AT_ONCE}
    ) AS page`;
  return page;
}
