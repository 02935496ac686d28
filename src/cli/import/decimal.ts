// Amounts of another system, which tells them as decimals or as floats, added without a float of ours.

/** Nano-USD, and finer than any credit: the least that is told here. */
const DECIMALS = 9;
const ONE = 10n ** BigInt(DECIMALS);

/** An amount in billionths; what is finer is rounded. Null counts as nothing. */
export function billionths(amount: string | number | null): bigint {
  const text = typeof amount === 'number' ? amount.toFixed(DECIMALS) : (amount ?? '0');
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === '') {
    throw new Error(`Reading the amount ${text} of the other system: it is no decimal`);
  }
  const digits = fraction.padEnd(DECIMALS + 1, '0');
  const roundsUp = (digits[DECIMALS] ?? '0') >= '5';
  const size = BigInt(whole + digits.slice(0, DECIMALS)) + (roundsUp ? 1n : 0n);
  return sign === '-' ? -size : size;
}
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** `12.5`, `-0.000000001`: exact, without needless zeros. */
export function decimalText(amount: bigint): string {
  const size = amount < 0n ? -amount : amount;
  const fraction = String(size % ONE)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${size / ONE}${fraction === '' ? '' : `.${fraction}`}`;
}
