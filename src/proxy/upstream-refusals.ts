import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Attempt } from './exchange.ts';

type Failed = Extract<Attempt, { kind: 'failed' }>;

/** A provider's complaint that is longer helps nobody. */
const COMPLAINT_MAX_LENGTH = 400;
/** Complaints about the request itself; all others are between the provider and us. */
const CLIENT_FAULTS = new Set([400, 404, 409, 413, 415, 422]);

/** Whether another deployment, or another try, may do better. */
export function isWorthAnotherTry(failed: Failed): boolean {
  return failed.status === undefined || !CLIENT_FAULTS.has(failed.status);
}

/** What the client is told; no text of the provider that could hold a secret. */
export function refusalOfUpstream(failed: Failed, model: string, timeoutMs: number): Refusal {
  if (failed.timedOut) {
    return refuse('upstream_timeout', { model, seconds: Math.ceil(timeoutMs / 1_000) });
  }
  if (failed.status === 429) {
    const facts = { model, retryAfterSeconds: failed.retryAfterSeconds ?? 1 };
    return refuse('upstream_busy', facts);
  }
  if (failed.status !== undefined && CLIENT_FAULTS.has(failed.status)) {
    return refuse('upstream_refused', { model, complaint: complaintFrom(failed.body) });
  }
  return refuse('upstream_failed', { model });
}

/** The provider's own sentence, without anything that looks like a secret. */
function complaintFrom(body: Buffer): string {
  let message: unknown;
  try {
    message = (JSON.parse(body.toString('utf8')) as { error?: { message?: unknown } }).error
      ?.message;
  } catch {
    message = undefined;
  }
  if (typeof message !== 'string' || message === '') {
    return 'it gave no reason';
  }
  return withoutSecrets(message)
    .slice(0, COMPLAINT_MAX_LENGTH)
    .replace(/[.\s]+$/, '');
}

/** Keys, bearer values, addresses with passwords, and any long run that a person would not write. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/\b(sk|pk|xox[a-z]|key|org|proj)-[\w*.-]+/gi, '[hidden]')
    .replaceAll(/bearer\s+\S+/gi, '[hidden]')
    .replaceAll(/https?:\/\/\S+/gi, '[hidden]')
    .replaceAll(/[A-Za-z0-9+/_-]{32,}/g, '[hidden]');
}
