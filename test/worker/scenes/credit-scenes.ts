import { SYSTEM } from '../../../src/core/audit/audit.ts';
import { setAutoRefill } from '../../../src/core/credits/set-auto-refill.ts';
import { setCreditPolicy } from '../../../src/core/credits/policy.ts';
import { keepBudgetPeriods } from '../../../src/core/budgets/keep-periods.ts';
import { changeCeilings } from '../../../src/core/ceilings/change-ceilings.ts';
import { begin, CREDIT, give, use } from '../../support/credits.ts';
import { audited, DAY_S, HOUR_S, kindsOf, teamWith, USD } from './scene.ts';
import type { Scenes } from './scene.ts';

/** Tasks that move credits, or watch over them. */
export const CREDIT_SCENES = {
  'expire-credits': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 0n);
      await give(qm, id, 5, { expiresAt: new Date(qm.nowMs() + HOUR_S * 1_000) });
      await qm.passSeconds(HOUR_S);
      return { outcome: async () => [await kindsOf(world, id), await qm.drift(id)] };
    },
    done: [['grant 5', 'expiry -5'], 0n],
  },
  'refill-credits': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 0n);
      const wish = { amount: 10n * CREDIT, every: 'daily', below: null, monthlyMax: null } as const;
      await setAutoRefill(qm.stores, SYSTEM, id, wish);
      await qm.passSeconds(DAY_S);
      return { outcome: async () => [await kindsOf(world, id), await qm.drift(id)] };
    },
    // Of the days that were missed only the present one is paid.
    done: [['auto_refill 10'], 0n],
  },
  'suspend-without-credits': {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 1n);
      await setCreditPolicy(qm.stores, SYSTEM, team.id, { autoSuspend: true });
      await use(qm, team, CREDIT);
      await qm.drain();
      return {
        outcome: async () => [
          (await qm.stores.records.teams.find(team.id))?.status,
          await audited(world, `team:${team.id}`, 'team.suspended'),
        ],
      };
    },
    done: ['suspended', 1],
  },
  'watch-alerts': {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 10n);
      await use(qm, team, 9n * CREDIT);
      await qm.drain();
      const episodes = async () => qm.postgres.alertEpisode.count({ where: { teamId: team.id } });
      return { outcome: async () => episodes() };
    },
    done: 1,
  },
  'reap-reservations': {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 5n);
      await begin(qm, team, 2n * CREDIT);
      await qm.passSeconds(HOUR_S);
      return {
        outcome: async () => {
          const found = await qm.stores.records.teams.find(team.id);
          const balance = found && (await qm.gate.balance(found));
          return [balance?.spendable, balance?.reserved];
        },
        // Its proxy lived, and holds it again, for a deadline more.
        afterFlush: async () => qm.passSeconds(HOUR_S),
      };
    },
    done: [5n * CREDIT, 0n],
  },
  'end-budget-periods': {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 5n);
      const subject = { kind: 'team', teamId: team.id } as const;
      const budget = { set: 'budget', duration: '1d', model: null, maxNanoUsd: USD } as const;
      await changeCeilings(qm.stores, SYSTEM, subject, [budget]);
      await keepBudgetPeriods(qm.stores, subject);
      await use(qm, team, CREDIT);
      await qm.drain();
      await qm.passSeconds(DAY_S);
      const asked = { subject: `team:${team.id}`, limit: 100 };
      const history = async () => qm.stores.records.budgetPeriods.history(asked);
      return {
        outcome: async () =>
          (await history()).map(
            ({ periods, spentNanoUsd }) => `${periods} × ${spentNanoUsd / USD}`,
          ),
      };
    },
    done: ['1 × 1'],
    // What was missed is one line.
    late: { day: ['1 × 0', '1 × 1'], fortyDays: ['40 × 0', '1 × 1'] },
  },
  'watch-other-alerts': {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 5n);
      const subject = { kind: 'team', teamId: team.id } as const;
      const budget = { set: 'budget', duration: null, model: null, maxNanoUsd: USD } as const;
      await changeCeilings(qm.stores, SYSTEM, subject, [budget]);
      await use(qm, team, (CREDIT * 9n) / 10n);
      await qm.drain();
      const where = { teamId: team.id, kind: 'budget' };
      return { outcome: async () => qm.postgres.alertEpisode.count({ where }) };
    },
    done: 1,
  },
} as const satisfies Scenes;
