import { setTimeout as pause } from 'node:timers/promises';
import type { AdmissionAsk, GateRefusal, KeyIdentity, Verdict } from '../../core/gateway/gate.ts';
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
  const names = [keys.epoch, keys.access, keys.open];
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
  const lines = asks.map((ask) => {
    const { identity, bound } = ask;
    const records = recordsOf(identity, keys);
    const numbers =
      `${place(records.key)} ${place(records.team)} ${place(records.organization)} ` +
      `${bound.inputNanoUsd} ${bound.outputPicoUsdPerToken} ${bound.inputTokens} ${bound.answers} ` +
      `${bound.outputCap} ${bound.minimumOutputCap} ${bound.unbounded === null ? 0 : 1}`;
    const about = abandonedText(ask, nowMs);
    return `${numbers}\t${ask.reservationId}\t${identity.teamId}\t${ask.model}\t${about}`;
  });
  const values = [runOf(connection), deadlineMs, lines.join('\n')];
  const answer = (await connection.script('admit', names, values)) as string;
  if (answer === 'epoch') {
    return asks.map(() => 'epoch');
  }
  if (answer.startsWith('waiting')) {
    return asks.map(() => ({ waitMs: Number(answer.split(' ')[1]) }));
  }
  return answer.split('\n').map(read);
}

interface RecordNames {
  readonly key: string;
  readonly team: string;
  readonly organization: string;
}

const recordNames = new WeakMap<KeyIdentity, RecordNames>();

/** Made once for each key: an identity never changes, nor does the shard it lives in. */
function recordsOf(identity: KeyIdentity, keys: ShardKeys): RecordNames {
  let names = recordNames.get(identity);
  if (names === undefined) {
    names = {
      key: keys.key(identity.hash),
      team: keys.team(identity.teamId),
      organization: keys.organization(identity.organizationId),
    };
    recordNames.set(identity, names);
  }
  return names;
}

function read(line: string): Answer {
  const [said = '', reserved, cap, basis, multiplier, divisor, spendable, needed] = line.split(' ');
  if (said.startsWith('missing_')) {
    return said.slice('missing_'.length) as Missing;
  }
  const spendableMicrocredits = Number(spendable);
  if (said !== 'admitted') {
    const neededMicrocredits = Number(needed);
    const code = said as GateRefusal;
    return { admitted: false, code, spendableMicrocredits, neededMicrocredits };
  }
  return {
    admitted: true,
    reservedMicrocredits: Number(reserved),
    outputCap: Number(cap),
    rate: rateFrom(basis as EffectiveRate['basis'], multiplier as string, divisor as string),
    spendableMicrocredits,
  };
}

const rates = new Map<string, EffectiveRate>();
/** Rates are as many as there are terms; beyond this the memory starts afresh. */
const RATES_MAX = 10_000;

/** Made once for each set of terms. The digits were written by the script. */
function rateFrom(
  basis: EffectiveRate['basis'],
  multiplier: string,
  divisor: string,
): EffectiveRate {
  const place = `${basis} ${multiplier} ${divisor}`;
  let rate = rates.get(place);
  if (rate === undefined) {
    if (rates.size >= RATES_MAX) {
      rates.clear();
    }
    rate = { basis, multiplier: BigInt(multiplier), divisor: BigInt(divisor) };
    rates.set(place, rate);
  }
  return rate;
}
