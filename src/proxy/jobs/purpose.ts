import type { EndedCall } from '../run-call.ts';
import type { JobRequest } from './request.ts';
import type { CallGiven } from './shapes.ts';

/**
 * Keeps what a call is for, where its client said so: others write nothing. The call is over and paid for, so its
 * answer is not taken away where the records are.
 */
export async function notePurpose(
  { parts, caller }: Pick<JobRequest, 'parts' | 'caller'>,
  { call }: Pick<EndedCall, 'call'>,
  { purpose = null }: Pick<CallGiven, 'purpose'>,
): Promise<void> {
  const { reservationId: callId, jobId } = call;
  if (purpose === null || jobId === undefined) {
    return;
  }
  const createdAt = new Date(call.startedAtMs);
  const { organizationId } = caller;
  try {
    await parts.stores.records.jobs.notePurpose({
      jobId,
      callId,
      organizationId,
      purpose,
      createdAt,
    });
  } catch (error) {
    parts.onFault(`Keeping what call ${callId} is for`, error);
  }
}
