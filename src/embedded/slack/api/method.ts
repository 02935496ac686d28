import { z } from 'zod';
import type { Office } from '../office.ts';

/** One method of the Web API: who may call it, what it takes, what it does. */

export type Answer = { ok: boolean; error?: string; [field: string]: unknown };

export type Method = {
  needs: 'bot' | 'app';
  parameters: z.ZodType;
  run(office: Office, given: never): Answer;
};

/** Ties the type of what is taken to what is declared. */
export function method<S extends z.ZodType>(
  parameters: S,
  run: (office: Office, given: z.infer<S>) => Answer,
  needs: Method['needs'] = 'bot',
): Method {
  return { needs, parameters, run };
}

export function done(fields: Record<string, unknown> = {}): Answer {
  return { ok: true, ...fields };
}

export function refused(error: string, messages?: readonly string[]): Answer {
  return {
    ok: false,
    error,
    ...(messages && { errors: messages, response_metadata: { messages } }),
  };
}

// A form carries everything as text, JSON has types: both mean the same.

export const flag = z.preprocess(
  (value) =>
    value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value,
  z.boolean(),
);

export const count = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
  z.number().int().min(0),
);

export const text = z.string();
export const id = z.string().min(1);

/** Marks text that should have been JSON; whoever takes it says it in the words of the method. */
export const NOT_JSON = Symbol('not JSON');

export const json = z.preprocess((value) => {
  if (typeof value !== 'string') {
    return value;
  }
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return NOT_JSON;
  }
}, z.unknown());

export const paging = { cursor: text.optional(), limit: count.optional() };

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

/** One page of a list, with the cursor to the next. Undefined for a cursor that isn't ours. */
export function pageOf<T>(
  items: readonly T[],
  given: { cursor?: string | undefined; limit?: number | undefined },
): { items: T[]; next: string } | undefined {
  const start = given.cursor ? Number(Buffer.from(given.cursor, 'base64url').toString()) : 0;
  if (!Number.isInteger(start) || start < 0) {
    return undefined;
  }
  const end = start + Math.min(given.limit || PAGE_DEFAULT, PAGE_MAX);
  const next = end < items.length ? Buffer.from(String(end)).toString('base64url') : '';
  return { items: items.slice(start, end), next };
}
