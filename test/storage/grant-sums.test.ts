import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { deductCredits } from '../../src/core/credits/deduct.ts';
import { expireGrants } from '../../src/core/credits/expire.ts';
import { setCreditPolicy } from '../../src/core/credits/policy.ts';
import { refundUsage } from '../../src/core/credits/refund.ts';
import { transferCredits } from '../../src/core/credits/transfer.ts';
import { DAY_MS } from '../../src/core/time.ts';
import {
  begin,
  BY_COST,
  CREDIT,
  end,
  expectGrantsSound,
  expectSound,
  give,
} from '../support/credits.ts';
import { startQuartermaster } from '../support/quartermaster.ts';
import type { Quartermaster } from '../support/quartermaster.ts';

let qm: Quartermaster;
let ahead = 0;
const inDays = (days: number): Date => new Date(Date.now() + ahead + days * DAY_MS);

beforeAll(async () => {
  qm = await startQuartermaster({ clock: () => Date.now() + ahead });
});
afterAll(async () => qm[Symbol.asyncDispose]());

let references = 0;
const reference = (): string => `sums-test-${(references += 1)}`;
const team = async (credits = 0n) => qm.team({ ...BY_COST, credits });

async function refund(eventId: string, amount: bigint | undefined) {
  const wish = { eventId, amount, reason: 'a test', reference: reference() };
  return refundUsage(qm.stores, SYSTEM, wish);
}

async function deduct(teamId: string, amount: bigint) {
  const wish = { teamId, amount, reason: 'a test', reference: reference() };
  return deductCredits(qm.stores, SYSTEM, wish);
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant('give' as const),
    credits: fc.integer({ min: 1, max: 9 }),
    priority: fc.integer({ min: 49, max: 51 }),
    days: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
  }),
  fc.record({ kind: fc.constant('use' as const), credits: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('hold' as const), credits: fc.integer({ min: 1, max: 9 }) }),
  fc.constant({ kind: 'endCall' as const }),
  fc.constant({ kind: 'drain' as const }),
  fc.record({ kind: fc.constant('deduct' as const), credits: fc.integer({ min: 1, max: 9 }) }),
  fc.record({
    kind: fc.constant('transfer' as const),
    credits: fc.integer({ min: 1, max: 9 }),
    back: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('refund' as const),
    which: fc.nat(),
    credits: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  }),
  fc.constant({ kind: 'passDays' as const }),
);

test('whatever happens in whatever order, grants sum to the balance and the gate has what the ledger has', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      const [one, other] = [await team(3n * CREDIT), await team()];
      await setCreditPolicy(qm.stores, SYSTEM, one.id, {
        limitPolicy: 'soft',
        overdraft: 6n * CREDIT,
      });
      const calls: string[] = [];
      const open: { call: NonNullable<Awaited<ReturnType<typeof begin>>>; amount: bigint }[] = [];
      for (const next of steps) {
        const amount = 'credits' in next ? BigInt(next.credits ?? 0) * CREDIT : 0n;
        switch (next.kind) {
          case 'give':
            await give(qm, one.id, next.credits, {
              priority: next.priority,
              expiresAt: next.days === null ? null : inDays(next.days),
            });
            break;
          case 'use': {
            const call = await begin(qm, one, amount);
            if (call !== undefined) {
              await end(qm, call, amount);
              calls.push(call.ask.reservationId);
            }
            break;
          }
          case 'hold': {
            const call = await begin(qm, one, amount);
            if (call !== undefined) {
              open.push({ call, amount });
            }
            break;
          }
          case 'endCall': {
            const held = open.shift();
            if (held !== undefined) {
              await end(qm, held.call, held.amount / 2n);
            }
            break;
          }
          case 'drain':
            await qm.drain();
            break;
          case 'deduct':
            await deduct(one.id, amount);
            break;
          case 'transfer': {
            const [teamId, toTeamId] = next.back ? [other.id, one.id] : [one.id, other.id];
            await transferCredits(qm.stores, SYSTEM, {
              teamId,
              toTeamId,
              amount,
              reason: 'r',
              reference: reference(),
            });
            break;
          }
          case 'refund':
            await refund(
              calls[next.which % Math.max(1, calls.length)] ?? 'none',
              next.credits === undefined ? undefined : amount,
            );
            break;
          case 'passDays':
            ahead += 2 * DAY_MS;
            await expireGrants(qm.stores);
            break;
        }
        await expectGrantsSound(qm, one.id, other.id);
      }
      await expectSound(qm, one.id, other.id);
      for (const { call, amount } of open) {
        await end(qm, call, amount);
      }
      await qm.drain();
      await expectSound(qm, one.id, other.id);
    }),
    { numRuns: 10 },
  );
  expect(await qm.drain()).toBe(0);
}, 60_000);
