import { setTimeout as pause } from 'node:timers/promises';
import type { AdmissionAsk, GateRefusal, Verdict } from '../../core/gateway/gate.ts';
import type { EffectiveRate } from '../../core/pricing/charge.ts';
import { batched } from './batch.ts';
import type { GateConnection } from './connection.ts';
import { runOf } from './projections.ts';
import type { Projections } from './projections.ts';
import { shardOf } from './shards.ts';
import type { ShardKeys } from './shards.ts';
import { abandonedText } from './usage-text.ts';

/** A new epoch, the wait after it, and four records that can be missing; one more for a change meanwhile. */
const LOADS_MAX = 7;
const ANSWERS_EACH = 8;

/**
 * What a script call said of one ask; a word names the record that must be loaded first, a wait how long
 * proxies still hand in what a restart may have lost.
 */
type Answer = Verdict | Missing | { readonly waitMs: number };
type Missing = 'key' | 'team' | 'organization' | 'catalog' | 'epoch';

const ADMIT_NOTHING = {
  inputNanoUsd: 0,
  outputPicoUsdPerToken: 0,
  inputTokens: 0,
  answers: 0,
  outputCap: 0,
  minimumOutputCap: 0,
  unbounded: null,
} as const;

/** Asks the gate, in batches by shard, and loads what it says it is missing. */
export function createAdmitting(
  connection: GateConnection,
  projections: Projections,
  shards: readonly ShardKeys[],
  deadlineMs: number,
): {
  admit(ask: AdmissionAsk): Promise<Verdict>;
  probe(identity: AdmissionAsk['identity']): Promise<GateRefusal | undefined>;
} {
  const asking = shards.map((keys) =>
    batched<AdmissionAsk, Answer>(async (asks) => sendBatch(connection, keys, deadlineMs, asks)),
  );

  async function admit(ask: AdmissionAsk): Promise<Verdict> {
    const shard = shardOf(ask.identity.organizationId);
    for (let load = 0; load <= LOADS_MAX; load += 1) {
      // shardOf draws below the number of shards.
      const answer = await (asking[shard] as (ask: AdmissionAsk) => Promise<Answer>)(ask);
      if (typeof answer === 'string') {
        await loadMissing(answer, ask.identity, shard);
      } else if ('waitMs' in answer) {
        await pause(answer.waitMs + 1);
      } else {
        return answer;
      }
    }
    throw new Error(`Admitting: the gate still lacks records of team ${ask.identity.teamId}`);
  }

  const loading = new Map<string, Promise<void>>();

  /** Calls that lack the same record share its loading. */
  async function loadOnce(place: string, load: () => Promise<void>): Promise<void> {
    let under = loading.get(place);
    if (under === undefined) {
      under = load().finally(() => loading.delete(place));
      loading.set(place, under);
    }
    return under;
  }

  async function loadMissing(
    missing: Missing,
    identity: AdmissionAsk['identity'],
    shard: number,
  ): Promise<void> {
    switch (missing) {
      case 'epoch':
        return loadOnce(`epoch ${shard}`, async () => projections.renew(shard));
      case 'catalog':
        return loadOnce(`catalog ${shard}`, async () => projections.projectCatalogTo(shard));
      case 'key':
        return loadOnce(`key ${identity.keyId}`, async () =>
          projections.project({ keyId: identity.keyId }),
        );
      case 'team':
        return loadOnce(`team ${identity.teamId}`, async () =>
          projections.project({ teamId: identity.teamId }),
        );
      case 'organization':
        return loadOnce(`organization ${identity.organizationId}`, async () =>
          projections.project({ organizationId: identity.organizationId }),
        );
    }
  }

  return {
    admit,
    async probe(identity) {
      const nothing = { reservationId: '', model: '', jobType: '', bound: ADMIT_NOTHING };
      const verdict = await admit({ identity, ...nothing });
      return verdict.admitted ? undefined : verdict.code;
    },
  };
}

async function sendBatch(
  connection: GateConnection,
  keys: ShardKeys,
  deadlineMs: number,
  asks: readonly AdmissionAsk[],
): Promise<Answer[]> {
  const names = [keys.epoch, keys.access, keys.open, keys.due];
  const places = new Map<string, number>();
  const place = (name: string): number => {
    let at = places.get(name);
    if (at === undefined) {
      at = names.push(name);
      places.set(name, at);
    }
    return at;
  };
  const nowMs = Date.now();
  const values: (string | number)[] = [runOf(connection), deadlineMs];
  for (const ask of asks) {
    const { identity, bound } = ask;
    values.push(
      place(keys.key(identity.hash)),
      place(keys.team(identity.teamId)),
      place(keys.organization(identity.organizationId)),
      ask.reservationId,
      identity.teamId,
      ask.model,
      abandonedText(ask, nowMs),
      bound.inputNanoUsd,
      bound.outputPicoUsdPerToken,
      bound.inputTokens,
      bound.answers,
      bound.outputCap,
      bound.minimumOutputCap,
      bound.unbounded === null ? '0' : '1',
    );
  }
  const answer = (await connection.script('admit', names, values)) as string[];
  if (answer[0] === 'epoch') {
    return asks.map(() => 'epoch');
  }
  if (answer[0] === 'waiting') {
    return asks.map(() => ({ waitMs: Number(answer[1]) }));
  }
  return asks.map((_, at) => read(answer, at * ANSWERS_EACH));
}

function read(answer: readonly string[], at: number): Answer {
  // The script answers eight values for each ask.
  const said = answer[at] as string;
  if (said.startsWith('missing_')) {
    return said.slice('missing_'.length) as Missing;
  }
  const spendableMicrocredits = Number(answer[at + 6]);
  if (said !== 'admitted') {
    const neededMicrocredits = Number(answer[at + 7]);
    return {
      admitted: false,
      code: said as GateRefusal,
      spendableMicrocredits,
      neededMicrocredits,
    };
  }
  return {
    admitted: true,
    reservedMicrocredits: Number(answer[at + 1]),
    outputCap: Number(answer[at + 2]),
    rate: rateFrom(answer, at + 3),
    spendableMicrocredits,
  };
}

function rateFrom(answer: readonly string[], at: number): EffectiveRate {
  return {
    basis: answer[at] as EffectiveRate['basis'],
    // Digits that whole() wrote in the script.
    multiplier: BigInt(answer[at + 1] as string),
    divisor: BigInt(answer[at + 2] as string),
  };
}
