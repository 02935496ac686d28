// For every task, something that it has to do: what is there before, and what holds after it was done once.

import { SYSTEM } from '../../src/core/audit/audit.ts';
import { keepBudgetPeriods } from '../../src/core/budgets/keep-periods.ts';
import { changeCeilings } from '../../src/core/ceilings/change-ceilings.ts';
import { setAutoRefill } from '../../src/core/credits/set-auto-refill.ts';
import { setCreditPolicy } from '../../src/core/credits/policy.ts';
import { createJob } from '../../src/core/jobs/create-job.ts';
import { rotateKey } from '../../src/core/keys/change-key.ts';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import type { KeyIdentity } from '../../src/core/gateway/gate.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { setTeamStatus } from '../../src/core/teams/set-status.ts';
import type { TaskName } from '../../src/queue/tasks.ts';
import { begin, BY_COST, CREDIT, give, use } from '../support/credits.ts';
import { PEPPER } from '../support/quartermaster.ts';
import type { TaskWorld } from './task-world.ts';

const USD = 1_000_000_000n;
const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

export interface Scene {
  /** Brings something about that is due; answers the payload, and what to look at afterwards. */
  prepare(world: TaskWorld): Promise<Prepared>;
  /** What holds once it was done. */
  readonly done: unknown;
  /** Where a run that comes 40 days late does something else. */
  readonly doneLate?: unknown;
}

interface Prepared {
  readonly payload?: object;
  outcome(): Promise<unknown>;
}

const kindsOf = async ({ qm }: TaskWorld, id: string): Promise<string[]> => {
  const entries = await qm.stores.records.ledger.history(id, 20);
  return entries.map(({ kind, amount }) => `${kind} ${amount / CREDIT}`).toReversed();
};
const audited = async ({ qm }: TaskWorld, target: string, action: string): Promise<number> =>
  qm.postgres.auditEntry.count({ where: { target, action } });
const teamWith = async ({ qm }: TaskWorld, credits: bigint) =>
  qm.team({ ...BY_COST, credits: credits * CREDIT });
/** What carries out and lapses proposals is tried with the proposals themselves. */
type TriedElsewhere = 'carry-proposal' | 'lapse-proposals';
export type TriedTask = Exclude<TaskName, TriedElsewhere>;

export const SCENES: { readonly [Name in TriedTask]: Scene } = {
  'lift-statuses': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 1n);
      const until = new Date(qm.nowMs() + HOUR_S * 1_000);
      await setTeamStatus(qm.stores, SYSTEM, { teamId: id, status: 'suspended', until });
      await qm.passSeconds(HOUR_S);
      return {
        outcome: async () => [
          (await qm.stores.records.teams.find(id))?.status,
          await audited(world, `team:${id}`, 'team.resumed'),
        ],
      };
    },
    done: ['active', 1],
  },
  'expire-jobs': {
    async prepare(world) {
      const { qm } = world;
      const { id, secretKey } = await teamWith(world, 5n);
      const identity = await qm.gate.identify(hashOfKey(secretKey, PEPPER), '');
      const wish = { jobType: 'review', userId: null, metadata: {}, address: '0'.repeat(32) };
      const job = await createJob(qm.stores, identity as KeyIdentity, wish);
      await qm.passSeconds(DAY_S + MINUTE_S);
      return {
        outcome: async () => [
          isRefusal(job) ? job : (await qm.stores.records.jobs.find(job.id))?.status,
          await qm.drift(id),
        ],
      };
    },
    done: ['expired', 0n],
  },
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
      };
    },
    done: [5n * CREDIT, 0n],
  },
  'send-digests': {
    async prepare(world) {
      const { qm } = world;
      const { id } = await teamWith(world, 1n);
      const channelId = `C0${id.toUpperCase()}`;
      const nextAt = new Date(qm.nowMs());
      const data = { channelId, subject: `team:${id}`, every: 'daily', nextAt, createdBy: 'U1' };
      await qm.postgres.digestSubscription.create({ data });
      const where = { place: channelId, kind: 'digest' };
      return { outcome: async () => qm.postgres.channelPost.count({ where }) };
    },
    // Of those that were missed, none.
    done: 1,
  },
  'note-key-ends': {
    async prepare(world) {
      const { qm } = world;
      const { id, keyId } = await teamWith(world, 1n);
      const expiresAt = new Date(qm.nowMs() + 30 * DAY_S * 1_000);
      await qm.stores.records.keys.update(keyId, { expiresAt });
      await qm.stores.records.teams.update(id, { channelId: `C0${id.toUpperCase()}` });
      await rotateKey(qm.stores, SYSTEM, { keyId, graceMs: DAY_S * 1_000 });
      await qm.passSeconds(31 * DAY_S);
      const told = async () =>
        qm.postgres.channelPost.count({ where: { teamId: id, kind: 'change.news' } });
      const before = await told();
      return {
        outcome: async () => [
          await audited(world, `key:${keyId}`, 'key.expired'),
          await audited(world, `key:${keyId}`, 'key.grace_ended'),
          (await told()) - before,
        ],
      };
    },
    done: [1, 1, 2],
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
    doneLate: ['40 × 0', '1 × 1'],
  },
  'refresh-prices': {
    async prepare(world) {
      const { postgres, stores } = world.qm;
      const name = 'openai/gpt-4o';
      const price = { inputPicoUsdPerToken: 1n, outputPicoUsdPerToken: 2n };
      const before = { name, price, offered: null, version: '0.0.1', since: new Date(0) };
      await stores.records.prices.put(before);
      const told = async () => postgres.channelPost.count({ where: { kind: 'prices.changed' } });
      const toldBefore = await told();
      return {
        outcome: async () => {
          const kept = (await stores.records.prices.list()).find((each) => each.name === name);
          return [kept?.price.inputPicoUsdPerToken, (await told()) - toldBefore];
        },
      };
    },
    done: [2_500_000n, 1],
  },
  'turn-over-resolved': readOnly(),
  reconcile: readOnly(),
  'verify-audit': readOnly(),
  'verify-ledger': readOnly(),
  'make-usage-months': readOnly(),
  'watch-other-alerts': readOnly(),
  prune: readOnly(),
};

/** Of a task that changes nothing that people or customers see. */
function readOnly(): Scene {
  return {
    async prepare(world) {
      const { qm } = world;
      const team = await teamWith(world, 5n);
      await use(qm, team, CREDIT);
      await qm.drain();
      return { outcome: async () => [await kindsOf(world, team.id), await qm.drift(team.id)] };
    },
    done: [['grant 5', 'usage -1'], 0n],
  };
}
