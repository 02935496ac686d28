// Compares what the gate counts with what the records say, a subject at a time, while calls go on. Each
// comparison is of one moment: the shard's lock keeps the drain still, and one script reads the gate.
//
//   gate: spendable = funded − charged − held;  held = Σ open reservations
//   records: balance = funded − used = Σ entries;  charged = used + what is handed in but not drained
//   budgets: spent = what the records have of the period + undrained;  held = Σ taken by open calls

import { subjectText } from '../core/ceilings/subject.ts';
import type { Subject } from '../core/ceilings/subject.ts';
import type { RedisGate } from './gate/redis-gate.ts';
import { runOf } from './gate/connection.ts';
import { shardOf } from './gate/shards.ts';
import type { ShardKeys } from './gate/shards.ts';
import type { ProjectionSource, Snapshot, SnapshotSource, TeamSnapshot } from './gate/source.ts';

/** What does not agree, and what that means. Amounts are in the unit of what is compared. */
export interface Drift {
  readonly subject: string;
  readonly what: DriftKind;
  readonly gate: bigint;
  readonly records: bigint;
}

export type DriftKind = keyof typeof DRIFT_CAUSES;

/** Why each can happen, for the person who reads the report. */
export const DRIFT_CAUSES = {
  funding: 'the gate applied other funding than the ledger has under this sequence',
  charges: 'calls were charged at the gate that the ledger will never have, or the reverse',
  reservations: 'the sum of what is held is not the sum of open reservations',
  arithmetic: 'spendable is not funding minus charges minus what is held',
  ledger: "the account's balance is not its funding minus its usage",
  budget_spent: 'the gate counted another spend of this budget than the records',
  budget_held: 'the gate holds another part of this budget than open calls took',
  parallel: 'the gate counts another number of calls at once than are open',
} as const;

/** Compares one subject; answers what does not agree. Undefined where the gate holds nothing of it. */
export async function reconcile(
  gate: RedisGate,
  source: ProjectionSource,
  subject: Subject,
  organizationId: string,
): Promise<Drift[] | undefined> {
  const keys = gate.shards[shardOf(organizationId)] as ShardKeys;
  return source.whileNothingDrains(keys.shard, async (locked) => {
    const snapshot = await snapshotOf(locked, subject, organizationId);
    return snapshot && compare(gate, keys, subject, snapshot);
  });
}

async function compare(
  { connection }: RedisGate,
  keys: ShardKeys,
  subject: Subject,
  snapshot: Snapshot<unknown> | TeamSnapshot,
): Promise<Drift[] | undefined> {
  const name = subjectText(subject);
  const answer = (await connection.script(
    'read-money',
    [keys.epoch, keys.subject(subject), keys.open, keys.usage],
    [runOf(connection), name, snapshot.drainedPosition],
  )) as string;
  if (answer === 'epoch' || answer === 'missing') {
    return undefined;
  }
  const [money = '', ...meters] = answer.split('\n');
  const pairs = [
    ...('account' in snapshot ? moneyPairs(money, snapshot) : []),
    ...meters.flatMap((line) => meterPairs(line, snapshot)),
  ];
  return pairs
    .filter(([, atGate, inRecords]) => atGate !== inRecords)
    .map(([what, atGate, inRecords]) => ({
      subject: name,
      what,
      gate: atGate,
      records: inRecords,
    }));
}

type Pair = readonly [what: DriftKind, gate: bigint, records: bigint];

function moneyPairs(line: string, { account }: TeamSnapshot): Pair[] {
  const [
    funded = 0n,
    sequence = 0n,
    charged = 0n,
    held = 0n,
    spendable = 0n,
    open = 0n,
    undrained = 0n,
  ] = line.split(' ').map(BigInt);
  // Funding that is on its way to the gate is late, no drift.
  const isApplied = sequence === account.fundingSequence;
  return [
    ...(isApplied ? ([['funding', funded, account.funded]] as const) : []),
    ['charges', charged, account.used + undrained],
    ['reservations', held, open],
    ['arithmetic', spendable, funded - charged - held],
    ['ledger', account.balance, account.funded - account.used],
  ];
}

function meterPairs(line: string, { spends }: Snapshot<unknown>): Pair[] {
  const [meter = '', from = '', ...numbers] = line.split(' ');
  const [used = 0n, held = 0n, undrained = 0n, taken = 0n] = numbers.map(BigInt);
  if (meter.startsWith('parallel')) {
    return [['parallel', used, taken]];
  }
  const recorded = spends.find((one) => one.meter === meter && one.startsAtMs === Number(from));
  return [
    ['budget_spent', used, (recorded?.spentNanoUsd ?? 0n) + undrained],
    ['budget_held', held, taken],
  ];
}

async function snapshotOf(
  source: SnapshotSource,
  subject: Subject,
  organizationId: string,
): Promise<Snapshot<unknown> | TeamSnapshot | undefined> {
  switch (subject.kind) {
    case 'organization':
      return source.organization(subject.organizationId);
    case 'team':
      return source.team(subject.teamId);
    case 'key':
      return source.key(subject.keyId);
    case 'user':
      return source.user(organizationId, subject.userId);
    case 'member':
      return source.member(subject.teamId, subject.userId);
    case 'end_user':
      return source.endUser(organizationId, subject.endUserId);
  }
}
