// What the client API reads. Fields that are not known are none of our business, but for calls, where they
// are the model's.

import { z } from 'zod';
import { complaintAboutJson } from '../../core/json.ts';

const TEXT = z.string();
const METADATA = z.record(z.string(), z.unknown()).nullish();

export const CREATE_BODY = z.object({
  team_id: TEXT.nullish(),
  user_id: TEXT.nullish(),
  job_type: TEXT,
  metadata: METADATA,
});

const ENDS = {
  completed: 'complete',
  failed: 'fail',
  cancelled: 'cancel',
  canceled: 'cancel',
} as const;
const END_WORDS = ['completed', 'failed', 'cancelled', 'canceled'] as const;

export const COMPLETE_BODY = z.object({
  status: TEXT.transform((text) => text.toLowerCase())
    .pipe(z.enum(END_WORDS, "Input should be 'completed', 'failed' or 'cancelled'"))
    .transform((status) => ENDS[status]),
  metadata: METADATA,
  error_message: TEXT.nullish(),
});

export const METADATA_BODY = z.object({ metadata: z.record(z.string(), z.unknown()) });

/** As much as the documents keep of it. */
const PURPOSE_MAX_LENGTH = 200;

const CALL_FIELDS = {
  model: TEXT.nullish(),
  /** An older name of the same. */
  model_group: TEXT.nullish(),
  messages: z.array(z.record(z.string(), z.unknown())),
  purpose: TEXT.max(PURPOSE_MAX_LENGTH)
    .refine((text) => complaintAboutJson(text, 1) === undefined, 'It cannot be stored')
    .nullish(),
  call_metadata: METADATA,
};

export const CALL_BODY = z.looseObject(CALL_FIELDS).superRefine(needModel);

export const CREATE_AND_CALL_BODY = z
  .looseObject({
    ...CALL_FIELDS,
    team_id: TEXT.nullish(),
    user_id: TEXT.nullish(),
    job_type: TEXT,
    job_metadata: METADATA,
  })
  .superRefine(needModel);

/** What a call is asked for; all but our own fields goes to the model. */
export type CallGiven = z.output<typeof CALL_BODY>;

function needModel(
  given: { model?: string | null | undefined; model_group?: string | null | undefined },
  context: z.RefinementCtx,
): void {
  if ((given.model ?? given.model_group ?? undefined) === undefined) {
    context.addIssue({ code: 'custom', path: ['model'], message: 'Field required' });
  }
}
