// What a person types becomes what the API reads. Whether it is acceptable is the API's to say.

import type { Schema } from './document.ts';

const NOTHING = 'null';

/**
 * A typed text as JSON: numbers and truths by their schema, lists with commas between, objects as JSON.
 * Answers a complaint where the text can't be of that kind.
 */
export function valueOf(text: string, schema: Schema): { value: unknown } | { complaint: string } {
  const kinds = kindsOf(schema);
  if (text === NOTHING && kinds.has('null')) {
    return { value: null };
  }
  if (text.startsWith('{') || text.startsWith('[')) {
    return fromJson(text);
  }
  if (kinds.has('array')) {
    return { value: text === '' ? [] : text.split(',').map((part) => part.trim()) };
  }
  if (kinds.has('boolean') && (text === 'true' || text === 'false')) {
    return { value: text === 'true' };
  }
  const isNumber = kinds.has('number') || kinds.has('integer');
  if (isNumber && text.trim() !== '' && Number.isFinite(Number(text))) {
    return { value: Number(text) };
  }
  if (kinds.has('string') || kinds.size === 0) {
    return { value: text };
  }
  return { complaint: `it must be ${[...kinds].join(' or ')}` };
}

function fromJson(text: string): { value: unknown } | { complaint: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { complaint: 'it begins like JSON and is none' };
  }
}

function kindsOf(schema: Schema): Set<string> {
  const own = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const others = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => [
    ...kindsOf(one),
  ]);
  return new Set([...own, ...others]);
}
