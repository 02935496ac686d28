import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseKey } from '../../core/gateway/admission.ts';
import type { KeyIdentity } from '../../core/gateway/gate.ts';
import { jobOf } from '../../core/jobs/find-job.ts';
import type { Job } from '../../core/jobs/job.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { ProxyParts } from '../parts.ts';

/** A request of the client API whose caller is known. */
export interface JobRequest {
  readonly parts: ProxyParts;
  readonly caller: KeyIdentity;
  readonly bytes: Buffer;
  /** `:id` of the path, empty where the path has none. */
  readonly id: string;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

export type ServeJobs = (request: JobRequest) => Promise<void>;

/**
 * The job of a request, for those who look at it or end it. A team that is suspended or paused may: only
 * new work is held back.
 */
export async function jobFor({ parts, caller, id, req }: JobRequest): Promise<Job | Refusal> {
  const refusal = await refuseKey(parts.gate, caller, parts.addressOf(req));
  return refusal === undefined || /^(team|organization)_/.test(refusal.refused)
    ? jobOf(parts.stores, caller, id)
    : refusal;
}
