import type { Records } from '../stores.ts';
import type { Clock } from '../time.ts';

/** Jobs that are known to be in progress; beyond this the memory starts afresh. */
const REMEMBERED_MAX = 100_000;

/** Told of each call of a job; only the first one is worth a line in the records. */
export type NoteStart = (jobId: string) => void;

/** Notes which jobs are in progress. No call waits for it: it is for people to see, nothing depends on it. */
export function createStartNotes(
  records: Records,
  clock: Clock,
  onComplaint: (error: unknown) => void,
): NoteStart {
  const started = new Set<string>();
  return (jobId) => {
    if (started.has(jobId)) {
      return;
    }
    if (started.size >= REMEMBERED_MAX) {
      started.clear();
    }
    started.add(jobId);
    records.jobs.start(jobId, new Date(clock())).catch((error: unknown) => {
      started.delete(jobId);
      onComplaint(error);
    });
  };
}
