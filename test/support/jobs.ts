// The client API as a client's backend uses it.

import { expect } from 'vitest';
import { startBeat } from '../../worker/beats.ts';
import type { Beat } from '../../worker/beats.ts';
import type { Quartermaster } from './quartermaster.ts';

/** What a route answered; a stream as `text`. */
export interface JobAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends one request with a virtual key. */
export async function ask(
  url: string,
  secretKey: string,
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<JobAnswer> {
  const response = await fetch(`${url}/api/jobs${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secretKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text.startsWith('{') ? JSON.parse(text) : { text }) as Record<string, unknown>,
  };
}

/** Drains all the time, as a worker does. */
export function keepDraining(qm: Quartermaster): Beat {
  return startBeat(
    20,
    async () => (await qm.drain()) > 0,
    () => undefined,
  );
}

const messages = [{ role: 'user', content: 'Tell me a story' }];
export const CALL = { model: 'gpt-4o', messages };
export const BY_TOKENS = { budgetMode: 'consumption_tokens', tokensPerCredit: 1_000n } as const;

/** What a client does with jobs, in short. */
export function jobClient(qm: () => Quartermaster) {
  const send = async (secretKey: string, method: string, path: string, body?: object) =>
    ask(qm().url, secretKey, method, path, body);
  return {
    send,
    async created(secretKey: string): Promise<string> {
      const job = await send(secretKey, 'POST', '/create', { job_type: 'analysis' });
      expect(job.status).toBe(200);
      return String(job.body['job_id']);
    },
    /** After nothing is anywhere but where it belongs. */
    async moneyOf(teamId: string) {
      expect(await qm().drift(teamId)).toBe(0n);
      return qm().gate.balance({ id: teamId, organizationId: 'acme' });
    },
  };
}
