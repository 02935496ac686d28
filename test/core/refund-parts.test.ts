import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { REFUND_LIFE_MS, refundParts } from '../../src/core/credits/refund-parts.ts';
import type { ChargedEvent } from '../../src/core/credits/grant-records.ts';
import type { CreditGrant } from '../../src/core/credits/grant.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

function grant(id: string, expiresAt: Date | null = null): CreditGrant {
  return {
    id,
    teamId: 'team',
    amount: 1_000n,
    remaining: 0n,
    priority: 50,
    category: 'paid',
    effectiveAt: new Date(0),
    expiresAt,
    createdAt: new Date(0),
  };
}

function event(part: Partial<ChargedEvent>): ChargedEvent {
  return { eventId: 'e', teamId: 'team', charge: 10n, ahead: 0n, uses: [], refunds: [], ...part };
}

test('a refund unwinds the slice of its call from the end, grant by grant', () => {
  const uses = [4n, 4n, 8n].map((amount, at) => ({ grant: grant(`g${at}`), amount }));
  const parts = (refunds: bigint[], amount: bigint) =>
    refundParts(event({ ahead: 3n, uses, refunds }), amount, NOW).map((part) => [
      part.grantId,
      part.amount,
    ]);
  expect(parts([], 10n)).toEqual([
    ['g0', 1n],
    ['g1', 4n],
    ['g2', 5n],
  ]);
  expect(parts([], 6n)).toEqual([
    ['g1', 1n],
    ['g2', 5n],
  ]);
  expect(parts([6n], 4n)).toEqual([
    ['g0', 1n],
    ['g1', 3n],
  ]);
});

test('what lies behind all grants was overdraft, and what expired comes back with a short life', () => {
  const ended = grant('ended', new Date(NOW));
  const parts = refundParts(event({ uses: [{ grant: ended, amount: 6n }] }), 10n, NOW);
  expect(parts).toEqual([
    {
      amount: 6n,
      grantId: 'ended',
      terms: { priority: 50, category: 'paid', expiresAt: new Date(NOW + REFUND_LIFE_MS) },
    },
    { amount: 4n, grantId: undefined, terms: undefined },
  ]);
});

test('however a posting was used and refunded, each grant gets back exactly what it gave', () => {
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 20n }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      amounts,
      amounts,
      fc.array(fc.bigInt({ min: 1n, max: 9n })),
      (charges, gave, cuts) => {
        const uses = gave.map((amount, at) => ({ grant: grant(`g${at}`), amount }));
        const got = new Map<string, bigint>();
        let ahead = 0n;
        for (const charge of charges) {
          const refunds: bigint[] = [];
          for (const cut of [...cuts, charge]) {
            const rest = charge - refunds.reduce((sum, each) => sum + each, 0n);
            const amount = cut < rest ? cut : rest;
            if (amount > 0n) {
              for (const part of refundParts(
                event({ charge, ahead, uses, refunds }),
                amount,
                NOW,
              )) {
                const id = part.grantId ?? 'overdraft';
                got.set(id, (got.get(id) ?? 0n) + part.amount);
              }
              refunds.push(amount);
            }
          }
          ahead += charge;
        }
        let left = ahead;
        for (const {
          grant: { id },
          amount,
        } of uses) {
          const taken = amount < left ? amount : left;
          expect(got.get(id) ?? 0n).toBe(taken);
          left -= taken;
        }
        expect(got.get('overdraft') ?? 0n).toBe(left);
      },
    ),
  );
});
