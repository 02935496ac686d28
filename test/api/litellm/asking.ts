import { expect } from 'vitest';
import { LITELLM } from '../../../src/api/litellm/dialect.ts';
import type { Quartermaster } from '../../support/quartermaster.ts';

// Tests read answers as clients do, by the names that are documented.
// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

/** Asks a route of this dialect with the admin key, beside a proxy that clients call. */
export async function tell(
  { stores }: Quartermaster,
  method: string,
  path: string,
  given: object,
): Promise<{ readonly status: number; readonly body: Body }> {
  const route = LITELLM.routes.find((each) => each[0] === method && each[1] === path);
  const caller = { role: 'owner', actor: { id: 'api:admin', door: 'api' } } as const;
  const part = method === 'GET' ? { query: given, body: undefined } : { query: {}, body: given };
  const raw = { method, url: path, headers: {}, params: {}, ...part };
  const told = await route?.[2].answer({ stores, dialect: LITELLM, caller }, raw);
  return { status: told?.status ?? 0, body: told?.body };
}

/** As `tell`, of what must succeed. */
export async function ask(
  quartermaster: Quartermaster,
  method: string,
  path: string,
  given: object,
): Promise<Body> {
  const { status, body } = await tell(quartermaster, method, path, given);
  expect([path, status]).toEqual([path, 200]);
  return body;
}
