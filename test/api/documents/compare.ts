// A documented answer and ours, field by field.

import type { Read } from './example.ts';

/** Values that differ from run to run, or that the document contradicts itself about. */
const UNDETERMINED = new Set(['virtual_key', 'key', 'budget_reset_at']);

/** Where ours is not as documented: `credits_used: 250 (number) documented, undefined (undefined) answered`. */
export function differences(
  documented: unknown,
  told: unknown,
  sent: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): string[] {
  const name = path.join('.');
  const tell = `${name}: ${JSON.stringify(documented)} documented, ${JSON.stringify(told)} answered`;
  if (kindOf(documented) !== kindOf(told)) {
    return [tell];
  }
  if (typeof documented === 'object' && documented !== null && !Array.isArray(documented)) {
    return Object.entries(documented).flatMap(([field, value]) =>
      differences(value, (told as Readonly<Record<string, unknown>>)[field], sent, [
        ...path,
        field,
      ]),
    );
  }
  const field = path.at(-1) ?? '';
  const wanted = field in sent ? sent[field] : documented;
  return UNDETERMINED.has(field) || isSame(wanted, told) ? [] : [tell];
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value;
}

/** Numbers to as many decimals as the document shows. */
function isSame(documented: unknown, told: unknown): boolean {
  if (typeof documented === 'number' && typeof told === 'number') {
    const decimals = String(documented).split('.')[1]?.length ?? 0;
    return String(documented).includes('e')
      ? documented === told
      : Number(told.toFixed(decimals)) === documented;
  }
  return JSON.stringify(documented) === JSON.stringify(told);
}

/** Which of the reads would fail, as the code in the document has them. */
export function failedReads(reads: readonly Read[], told: unknown): string[] {
  return reads.flatMap(({ path, kind }) =>
    valuesAt(told, path)
      .filter(
        (value) =>
          value === undefined ||
          (kind === 'number' && typeof value !== 'number') ||
          (kind === 'list' && !Array.isArray(value)),
      )
      .map((value) => `${path.join('.')} (${kind}): ${JSON.stringify(value)}`),
  );
}

function valuesAt(value: unknown, [first, ...rest]: readonly string[]): unknown[] {
  if (first === undefined) {
    return [value];
  }
  if (first === '*') {
    return Array.isArray(value) ? value.flatMap((each) => valuesAt(each, rest)) : [undefined];
  }
  return typeof value === 'object' && value !== null
    ? valuesAt((value as Readonly<Record<string, unknown>>)[first], rest)
    : [undefined];
}

/** Whether a value is of the type that a page names. */
export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    case 'object':
      return kindOf(value) === 'object';
    default:
      return typeof value === type;
  }
}
