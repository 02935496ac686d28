import type { FieldsNotOffered } from '../dialect.ts';

/** Fields of LiteLLM's bodies and answers that mean nothing here. */
export const FIELDS_NOT_OFFERED: readonly FieldsNotOffered[] = [];
