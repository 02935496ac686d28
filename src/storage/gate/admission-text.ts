// What admit.lua answers, read by hand: it is read for each call.

import { subjectFrom } from '../../core/ceilings/subject.ts';
import type { CeilingHit, GateRefusal, Verdict } from '../../core/gateway/gate.ts';
import type { RateLeft, RatesLeft } from '../../core/limits/rate.ts';
import type { EffectiveRate } from '../../core/pricing/charge.ts';

/**
 * What a script call said of one ask; a word names the record that must be loaded first, a wait how long
 * proxies still hand in what a restart may have lost.
 */
export type Answer = Verdict | Missing | { readonly waitMs: number };
export type Missing =
  | 'key'
  | 'team'
  | 'organization'
  | 'member'
  | 'user'
  | 'end_user'
  | 'catalog'
  | 'epoch';

const MISSING = 'missing_';

/** Reads one line of the answer: nine words and, where meters count the call, three parts more. */
export function readAnswer(line: string): Answer {
  const tab = line.indexOf('\t');
  const words = tab === -1 ? line : line.slice(0, tab);
  const [said = '', reserved, cap, basis, multiplier, divisor, spendable, needed, overdraft] =
    words.split(' ');
  if (said.startsWith(MISSING)) {
    return said.slice(MISSING.length) as Missing;
  }
  if (said === 'renamed') {
    return { admitted: false, code: 'renamed', model: line.slice(tab + 1) };
  }
  const metered = tab === -1 ? UNMETERED : readMetered(line.slice(tab + 1));
  const spendableMicrocredits = Number(spendable);
  const { taken, ratesLeft, hits } = metered;
  if (said !== 'admitted') {
    return {
      admitted: false,
      code: said as GateRefusal,
      spendableMicrocredits,
      neededMicrocredits: Number(needed),
      overdraftMicrocredits: Number(overdraft),
      hit: hits[0],
      ratesLeft,
    };
  }
  return {
    admitted: true,
    reservedMicrocredits: Number(reserved),
    outputCap: Number(cap),
    rate: rateFrom(basis as EffectiveRate['basis'], multiplier as string, divisor as string),
    spendableMicrocredits,
    taken,
    isCapBinding: basis !== 'call' || BINDING.test(taken),
    ratesLeft,
    shadowed: hits,
  };
}

interface Metered {
  readonly taken: string;
  readonly ratesLeft: RatesLeft;
  readonly hits: readonly CeilingHit[];
}

const UNMETERED: Metered = {
  taken: '',
  ratesLeft: { requests: undefined, usageTokens: undefined },
  hits: [],
};

/** Meters that a longer answer would take more of. */
const BINDING = /,(usage_tokens|budget-)/;

function readMetered(text: string): Metered {
  const [taken = '', rates = '', hits = ''] = text.split('\t');
  const [limit, remaining, reset, ...tokens] = rates.split(' ');
  return {
    taken,
    ratesLeft: {
      requests: rateLeft(limit, remaining, reset),
      usageTokens: rateLeft(tokens[0], tokens[1], tokens[2]),
    },
    hits: hits === '' ? [] : hits.split(';').flatMap(hitFrom),
  };
}

function rateLeft(
  limit: string | undefined,
  remaining: string | undefined,
  reset: string | undefined,
): RateLeft | undefined {
  return limit === undefined || limit === '-'
    ? undefined
    : { limit: Number(limit), remaining: Number(remaining), resetSeconds: Number(reset) };
}

function hitFrom(text: string): CeilingHit[] {
  const [name = '', meter = '', max, used, wanted, wait] = text.split(' ');
  const subject = subjectFrom(name);
  const waitSeconds = Number(wait);
  return subject === undefined
    ? []
    : [
        {
          subject,
          meter,
          max: Number(max),
          used: Number(used),
          wanted: Number(wanted),
          waitSeconds: waitSeconds < 0 ? undefined : waitSeconds,
        },
      ];
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
