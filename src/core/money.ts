/**
 * Money is integers. Credits are kept in microcredits, dollars in nano-USD, prices in pico-USD.
 * Text becomes a bigint digit by digit: no amount ever passes through a float.
 */

export const MICROCREDITS_PER_CREDIT = 1_000_000n;
export const NANO_USD_PER_USD = 1_000_000_000n;
export const PICO_USD_PER_NANO_USD = 1_000n;

/**
 * The largest balance or change, in credits. The gate counts in doubles, which are exact below
 * 2^53 (9.0e15): 1e9 credits are 1e15 microcredits, so a sum of nine such amounts is still exact.
 */
export const MAX_CREDITS = 1_000_000_000n;
export const MAX_MICROCREDITS = MAX_CREDITS * MICROCREDITS_PER_CREDIT;

/** The largest budget, in dollars: 8e15 nano-USD, which leaves room below 2^53 for one dear call. */
export const MAX_USD = 8_000_000n;

const CREDIT_DECIMALS = 6;
const USD_DECIMALS = 9;

/** Why a text is no amount; a sentence part without a period, fit to stand after a colon. */
export interface NotAnAmount {
  readonly reason: string;
}

interface AmountOptions {
  /** Adjustments may take credits away; everything else may not. */
  readonly allowNegative?: boolean;
}

/**
 * Reads an amount of credits such as `1,000.5` into microcredits. Commas may only group
 * thousands, so that `1,5` is refused instead of read as fifteen.
 */
export function creditsFromText(text: string, options: AmountOptions = {}): bigint | NotAnAmount {
  return amountFromText(text, {
    ...options,
    decimals: CREDIT_DECIMALS,
    max: MAX_CREDITS,
    unit: 'credits',
  });
}

/** Reads credits from JSON, where they may come as a number or as text. Answers microcredits. */
export function parseCreditAmount(
  value: string | number,
  options: AmountOptions = {},
): bigint | NotAnAmount {
  if (typeof value === 'string') {
    return creditsFromText(value, options);
  }
  const exact = numberAsText(value);
  return exact === undefined
    ? { reason: `${value} is not a number of credits` }
    : creditsFromText(exact, options);
}

/** Reads an amount of dollars such as `12.50` into nano-USD. */
export function usdFromText(text: string): bigint | NotAnAmount {
  return amountFromText(text.trim().replace(/^\$/, ''), {
    decimals: USD_DECIMALS,
    max: MAX_USD,
    unit: 'USD',
  });
}

/** Reads dollars from JSON, where they may come as a number or as text. Answers nano-USD. */
export function parseUsdAmount(value: string | number): bigint | NotAnAmount {
  const exact = typeof value === 'string' ? value : numberAsText(value);
  return exact === undefined ? { reason: `${value} is not a number of USD` } : usdFromText(exact);
}

/** `1,000`, `999.25`, `-0.000001`: exact, grouped, no needless zeros. */
export function creditsToText(microcredits: bigint): string {
  const { sign, whole, fraction } = split(microcredits, CREDIT_DECIMALS);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === '' ? `${sign}${grouped}` : `${sign}${grouped}.${fraction}`;
}

/** `1,000 credits`, `1 credit`. */
export function creditsInWords(microcredits: bigint): string {
  const unit = microcredits === MICROCREDITS_PER_CREDIT ? 'credit' : 'credits';
  return `${creditsToText(microcredits)} ${unit}`;
}

/** Credits for JSON. Exact up to 2^53 microcredits, which is beyond {@link MAX_CREDITS}. */
export function creditsToNumber(microcredits: bigint): number {
  return Number(plainText(microcredits, CREDIT_DECIMALS));
}

/** `12.50`, `0.000123`: at least two decimals, as many as it takes, grouped. */
export function usdToText(nanoUsd: bigint): string {
  const { sign, whole, fraction } = split(nanoUsd, USD_DECIMALS);
  return `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction.padEnd(2, '0')}`;
}

/** Dollars for JSON. Exact up to 2^53 nano-USD, which is beyond {@link MAX_USD}. */
export function usdToNumber(nanoUsd: bigint): number {
  return Number(plainText(nanoUsd, USD_DECIMALS));
}

/** Smallest integer that is not below dividend / divisor. The divisor must be positive. */
export function divideRoundingUp(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) {
    throw new RangeError(
      `Dividing ${dividend}: the divisor is ${divisor}, only positive ones are allowed`,
    );
  }
  const quotient = dividend / divisor;
  return dividend > 0n && dividend % divisor !== 0n ? quotient + 1n : quotient;
}

/**
 * Scales the shortest decimal text of a number by ten to the given power, rounding up:
 * `scaleRoundingUp(0.15, 6)` is 150_000n where `0.15 * 1e6` would trust a float.
 */
export function scaleRoundingUp(value: number, powerOfTen: number): bigint {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) {
    throw new RangeError(`Scaling ${value}: only finite numbers from 0 up are allowed`);
  }
  const fraction = match[2] ?? '';
  const digits = BigInt(`${match[1] ?? ''}${fraction}`);
  const exponent = powerOfTen + Number(match[3] ?? '0') - fraction.length;
  return exponent >= 0
    ? digits * 10n ** BigInt(exponent)
    : divideRoundingUp(digits, 10n ** BigInt(-exponent));
}

interface AmountFormat extends AmountOptions {
  readonly decimals: number;
  readonly max: bigint;
  readonly unit: string;
}

function amountFromText(text: string, format: AmountFormat): bigint | NotAnAmount {
  const shown = shorten(text.trim());
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (match === null) {
    return {
      reason: `"${shown}" is not a number of ${format.unit}, write it like 1000 or 1,000.5`,
    };
  }
  const negative = match[1] === '-';
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > format.decimals) {
    return {
      reason: `"${shown}" has more than the ${format.decimals} decimals that are allowed`,
    };
  }
  const scale = 10n ** BigInt(format.decimals);
  const whole = BigInt((match[2] ?? '').replaceAll(',', ''));
  const amount = whole * scale + BigInt(fraction.padEnd(format.decimals, '0'));
  if (amount > format.max * scale) {
    const most = format.max.toLocaleString('en');
    return { reason: `"${shown}" is above the ${most} ${format.unit} that are allowed` };
  }
  if (negative && amount !== 0n && format.allowNegative !== true) {
    return { reason: `"${shown}" is negative, an amount has no minus sign here` };
  }
  return negative ? -amount : amount;
}

/** What a person typed is shown back, but never a page of it. */
function shorten(text: string): string {
  const longestEcho = 40;
  return text.length > longestEcho ? `${text.slice(0, longestEcho)}…` : text;
}

/** Plain digits of a number, or undefined where it has none (NaN, Infinity, beyond 1e21). */
function numberAsText(value: number): string | undefined {
  const text = String(value);
  const tiny = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(text);
  if (tiny !== null) {
    return `${tiny[1] ?? ''}0.${'0'.repeat(Number(tiny[4]) - 1)}${tiny[2] ?? ''}${tiny[3] ?? ''}`;
  }
  return Number.isFinite(value) && !text.includes('e') ? text : undefined;
}

function split(
  amount: bigint,
  decimals: number,
): { sign: string; whole: string; fraction: string } {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  return {
    sign: amount < 0n ? '-' : '',
    whole: digits.slice(0, -decimals),
    fraction: digits.slice(-decimals).replace(/0+$/, ''),
  };
}

function plainText(amount: bigint, decimals: number): string {
  const { sign, whole, fraction } = split(amount, decimals);
  return `${sign}${whole}.${fraction}`;
}

const MICROCREDITS_IN_A_CREDIT = 1_000_000;

/**
 * Credits for programs to read: no grouping, as many decimals as there are. Takes the gate's plain numbers,
 * which are exact below 2^53, because it runs several times for each call.
 */
export function creditsInDigits(microcredits: number): string {
  const credits = Math.trunc(microcredits / MICROCREDITS_IN_A_CREDIT);
  const rest = Math.abs(microcredits - credits * MICROCREDITS_IN_A_CREDIT);
  if (rest === 0) {
    return String(credits);
  }
  const sign = microcredits < 0 && credits === 0 ? '-' : '';
  return `${sign}${credits}.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
}
