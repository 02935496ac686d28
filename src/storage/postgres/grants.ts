// Grants and what was taken from them. Everything here that changes an amount runs under the lock of the
// team's account, after its entry: so the sum of what remains is max(0, balance) at each commit.

import { PLAIN_TERMS } from '../../core/credits/grant.ts';
import type { CreditGrant, GrantTerms } from '../../core/credits/grant.ts';
import { newId } from '../../core/ids.ts';
import { Prisma } from '../generated/client.ts';
import type * as rows from '../generated/client.ts';
import type { PostgresScope } from './client.ts';

/** The one order in which grants are used; the id makes it total. */
export const IN_ORDER = Prisma.sql`g.priority, g.expires_at NULLS LAST, g.category = 'paid', g.effective_at,
  g.created_at, g.id`;

/** A posting that takes credits from a team; each team once. */
export interface Taking {
  readonly team: string;
  readonly posting: string;
  readonly amount: bigint;
}

/** How much of which grant went. */
export interface TakenPiece extends GrantTerms {
  readonly grantId: string;
  readonly amount: bigint;
}

/** Credits that come to a team, as a grant of their own. */
export interface Bringing {
  readonly amount: bigint;
  readonly terms: Partial<GrantTerms> | undefined;
}

export function grantFrom(row: rows.CreditGrant): CreditGrant {
  const { id, teamId, amount, remaining, priority, effectiveAt, expiresAt, createdAt } = row;
  // The database knows no other category.
  const category = row.category as CreditGrant['category'];
  return { id, teamId, amount, remaining, priority, category, effectiveAt, expiresAt, createdAt };
}

/**
 * Takes from the grants of each team in their order, as far as they go: the rest is overdraft. One statement
 * for all teams; answers the pieces in order.
 */
export async function takeFromGrants(
  scope: PostgresScope,
  takings: readonly Taking[],
): Promise<TakenPiece[]> {
  const given = JSON.stringify(takings.map((one) => ({ ...one, amount: String(one.amount) })));
  return scope.$queryRaw<TakenPiece[]>(Prisma.sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${given}::json) AS given (team text, posting uuid, amount bigint)
    ), line AS (
      SELECT g.id, g.remaining, given.posting, given.amount AS wanted,
        sum(g.remaining) OVER (PARTITION BY g.team_id ORDER BY ${IN_ORDER}) - g.remaining AS ahead
      FROM given JOIN credit_grants g ON g.team_id = given.team WHERE g.remaining > 0
    ), taken AS (
      SELECT id, posting, ahead, least(remaining, wanted - ahead)::bigint AS amount
      FROM line WHERE ahead < wanted
    ), noted AS (
      INSERT INTO grant_uses (posting_id, grant_id, amount) SELECT posting, id, amount FROM taken
    ), changed AS (
      UPDATE credit_grants g SET remaining = g.remaining - taken.amount
      FROM taken WHERE g.id = taken.id
      RETURNING g.id AS "grantId", g.priority, g.category, g.effective_at AS "effectiveAt",
        g.expires_at AS "expiresAt", taken.amount, taken.ahead
    )
    SELECT "grantId", priority, category, "effectiveAt", "expiresAt", amount FROM changed ORDER BY ahead`);
}

/** Takes from one grant alone; the database refuses more than remains of it. */
export async function takeFromGrant(
  scope: PostgresScope,
  { grantId, posting, amount }: { grantId: string; posting: string; amount: bigint },
): Promise<void> {
  await scope.creditGrant.update({
    where: { id: grantId },
    data: { remaining: { decrement: amount } },
  });
  await scope.grantUse.create({ data: { postingId: posting, grantId, amount } });
}

/**
 * Adds grants to a team. Where it stood below 0, the first of them cover the debt: nothing remains of
 * what went there.
 */
export async function bringGrants(
  scope: PostgresScope,
  to: {
    readonly teamId: string;
    readonly posting: string;
    readonly debt: bigint;
  },
  bringings: readonly Bringing[],
): Promise<void> {
  if (bringings.length === 0) {
    return;
  }
  let debt = to.debt;
  const given = bringings.map(({ amount, terms }) => {
    const covered = least(debt, amount);
    debt -= covered;
    const figures = { amount: String(amount), remaining: String(amount - covered) };
    return { id: newId(), ...figures, ...PLAIN_TERMS, ...terms };
  });
  await scope.$executeRaw`
    INSERT INTO credit_grants (id, team_id, posting_id, amount, remaining, priority, category, effective_at, expires_at)
    SELECT id, ${to.teamId}, ${to.posting}::uuid, amount, remaining, priority, category,
      coalesce("effectiveAt", now()), "expiresAt"
    FROM json_to_recordset(${JSON.stringify(given)}::json) AS given (id uuid, amount bigint,
      remaining bigint, priority int, category text, "effectiveAt" timestamptz, "expiresAt" timestamptz)`;
}

/** Gives credits back to the grant that they were taken from by a posting; less `covered` by a debt. */
export async function giveBack(
  scope: PostgresScope,
  use: { readonly grantId: string; readonly posting: string },
  { amount, covered }: { readonly amount: bigint; readonly covered: bigint },
): Promise<void> {
  const place = { postingId_grantId: { postingId: use.posting, grantId: use.grantId } };
  await scope.grantUse.update({ where: place, data: { returned: { increment: amount } } });
  if (amount > covered) {
    await scope.creditGrant.update({
      where: { id: use.grantId },
      data: { remaining: { increment: amount - covered } },
    });
  }
}

export function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
