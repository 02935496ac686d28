import { complaintAboutJson } from '../json.ts';
import { refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Job } from './job.ts';

/** The documented bound: notes beside a job, no documents. */
const METADATA_MAX_BYTES = 10 * 1024;
const METADATA_MAX_DEPTH = 16;

/** What a job's metadata is with more of it; what was there under the same name goes. */
export function mergedMetadata(
  before: Job['metadata'],
  more: Job['metadata'] | undefined,
): Job['metadata'] | Refusal {
  if (more === undefined) {
    return before;
  }
  const merged = { ...before, ...more };
  const complaint = complaintAboutJson(more, METADATA_MAX_DEPTH) ?? complaintAboutSize(merged);
  return complaint === undefined
    ? merged
    : refuse('value_invalid', { field: 'metadata', complaint });
}

function complaintAboutSize(metadata: Job['metadata']): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(metadata));
  return bytes > METADATA_MAX_BYTES
    ? `it has ${bytes} bytes of JSON, at most ${METADATA_MAX_BYTES} are allowed`
    : undefined;
}
