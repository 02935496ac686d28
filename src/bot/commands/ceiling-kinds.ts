// How the numbers of limits and budgets are read.

import { durationText, parseDuration } from '../../core/budgets/duration.ts';
import { LIMIT_KINDS } from '../../core/limits/limit.ts';
import type { LimitKind } from '../../core/limits/limit.ts';
import { usdFromText } from '../../core/money.ts';
import { shortened } from '../escape.ts';
import { nearest } from '../../core/nearest.ts';
import type { Unreadable } from './kinds.ts';

/** What a raise may be by: a number, or a part of the size. */
export type Raise<Amount> = { readonly by: Amount } | { readonly percent: number } | 'off';

export interface CeilingKindValues {
  /** A whole number from 0 up; `off` removes. */
  readonly count: number | 'off';
  /** Nano-USD from 0 up; `off` removes. */
  readonly usd: bigint | 'off';
  readonly raise: Raise<number>;
  /** By nano-USD. */
  readonly usd_raise: Raise<bigint>;
  /** A duration in its canonical form, or `ever`. */
  readonly duration: string;
  readonly yes_no: boolean;
  readonly limit: LimitKind;
}

type Readers = {
  readonly [K in keyof CeilingKindValues]: (typed: string) => CeilingKindValues[K] | Unreadable;
};

export const CEILING_READERS: Readers = {
  count: (typed) => (isOff(typed) ? 'off' : readCount(typed)),
  usd: (typed) => (isOff(typed) ? 'off' : readUsd(typed)),
  raise: (typed) => readRaise(typed, readCount),
  usd_raise: (typed) => readRaise(typed, readUsd),
  duration: readDuration,
  yes_no: readYesNo,
  limit: readLimit,
};

function isOff(typed: string): boolean {
  return /^(off|none)$/i.test(typed);
}

const ZEROS: Readonly<Record<string, number>> = { k: 3, m: 6 };
/** More digits than any ceiling has; what is longer is not looked at. */
const DIGITS_MAX = 20;

function readCount(typed: string): number | Unreadable {
  const [, whole = '', fraction = '', unit = ''] =
    /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s*([km])?$/i.exec(typed) ?? [];
  const zeros = ZEROS[unit.toLowerCase()] ?? 0;
  const decimals = fraction.replace(/0+$/, '');
  if (whole === '' || typed.length > DIGITS_MAX || decimals.length > zeros) {
    return {
      complaint: `“${echo(typed)}” is no whole number from 0 up; write it like 100, 20k or 1.5m`,
    };
  }
  return Number(whole.replaceAll(',', '') + decimals.padEnd(zeros, '0'));
}

const MULTIPLIERS: Readonly<Record<string, bigint>> = { k: 1_000n, m: 1_000_000n };

function readUsd(typed: string): bigint | Unreadable {
  const [, amount = typed, unit = ''] = /^(.*\d)\s*([km])?(?:\s*usd)?$/i.exec(typed) ?? [];
  const read = usdFromText(amount);
  if (typeof read !== 'bigint') {
    const written = `“${echo(typed)}” is no amount of dollars from 0 up`;
    return { complaint: `${written}; write it like $500, 12.50 or $1.5k` };
  }
  return read * (MULTIPLIERS[unit.toLowerCase()] ?? 1n);
}

/** More than eleven times the size is a new size. */
const PERCENT_MAX = 1_000;

function readRaise<Amount extends number | bigint>(
  typed: string,
  readAmount: (typed: string) => Amount | Unreadable,
): Raise<Amount> | Unreadable {
  if (isOff(typed)) {
    return 'off';
  }
  if (/^[-−–]/.test(typed)) {
    const cure = 'to lower it for a while, set a smaller size now and set it back later';
    return { complaint: `“${echo(typed)}” lowers, and a boost only raises; ${cure}` };
  }
  const bare = typed.replace(/^\+/, '');
  const percent = /^(\d{1,5})\s*%$/.exec(bare)?.[1];
  if (percent !== undefined) {
    return Number(percent) >= 1 && Number(percent) <= PERCENT_MAX
      ? { percent: Number(percent) }
      : { complaint: `“${echo(typed)}” can't be taken: 1 % to ${PERCENT_MAX} % are allowed` };
  }
  const by = readAmount(bare);
  return typeof by === 'object' ? by : { by };
}

/** As in `every=month`. */
const EACH: Readonly<Record<string, string>> = {
  hour: 'hourly',
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
  year: 'yearly',
};

function readDuration(typed: string): string | Unreadable {
  if (/^(ever|never|forever)$/i.test(typed)) {
    return 'ever';
  }
  const parsed = parseDuration(EACH[typed.toLowerCase()] ?? typed);
  return 'complaint' in parsed
    ? { complaint: `${parsed.complaint}; or ever, for one that never starts over` }
    : durationText(parsed);
}

function readYesNo(typed: string): boolean | Unreadable {
  if (/^(yes|on|true)$/i.test(typed)) {
    return true;
  }
  return /^(no|off|false)$/i.test(typed)
    ? false
    : { complaint: `“${echo(typed)}” is neither yes nor no` };
}

function readLimit(typed: string): LimitKind | Unreadable {
  const wanted = typed.toLowerCase() === 'tokens' ? 'usage_tokens' : typed.toLowerCase();
  const names = ['requests', 'tokens', 'parallel'];
  const [near] = nearest(wanted, names, 1);
  const cure = near === undefined ? '' : `; did you mean “${near}”?`;
  return (
    LIMIT_KINDS.find((kind) => kind === wanted) ?? {
      complaint: `“${echo(typed)}” is no limit, there are ${names.join(', ')}${cure}`,
    }
  );
}

function echo(typed: string): string {
  const longestEcho = 40;
  return shortened(typed, longestEcho);
}
