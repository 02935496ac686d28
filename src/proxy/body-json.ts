import { isUtf8 } from 'node:buffer';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { fieldsOf } from './body-fields.ts';
import type { Field } from './body-fields.ts';
import { complaintAboutNesting } from './nesting.ts';

/** The JSON object that a body is. */
export interface JsonBody {
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
}

/** Parses a body within what parsing may take. */
export function readJsonBody(bytes: Buffer): JsonBody | Refusal {
  if (!isUtf8(bytes)) {
    return refuse('body_not_json', { complaint: 'it is not UTF-8' });
  }
  const nesting = complaintAboutNesting(bytes);
  if (nesting !== undefined) {
    return refuse('body_not_json', { complaint: nesting });
  }
  const text = bytes.toString('utf8');
  const body = parsed(text);
  return typeof body === 'string'
    ? refuse('body_not_json', { complaint: body })
    : { text, body, fields: fieldsOf(text) };
}

function parsed(text: string): Record<string, unknown> | string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text.trim() === '' ? 'it is empty' : 'it cannot be parsed';
  }
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? (body as Record<string, unknown>)
    : 'it is not an object';
}
