// How LiteLLM's proxy says no. Its routes do it in two ways, and clients look for the words of each.

import { cureOf, publicSentence, REFUSALS } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { answer, RETRY_AFTER_SECONDS } from '../answer.ts';
import type { Answer } from '../answer.ts';

/** What `handle_exception_on_proxy` calls whatever a handler raised. */
const RAISED = 'internal_server_error';

/** `{"error": …}`: most routes. What a handler raised as an object is printed as Python prints it. */
export function wrapped(
  status: number,
  raised: string | { readonly error: string } | { readonly message: string },
  {
    type = RAISED,
    param = 'None',
  }: { readonly type?: string; readonly param?: string | null } = {},
): Answer {
  const message = typeof raised === 'string' ? raised : printed(raised);
  return answer({ error: { message, type, param, code: String(status) } }, { status });
}

/** `{"detail": …}`: routes whose mistakes FastAPI tells by itself. */
export function detailed(status: number, detail: string | { readonly error: string }): Answer {
  return answer({ detail }, { status });
}

/** A dictionary of texts as Python prints it. */
function printed(fields: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(fields).map(([name, text]) => `${quoted(name)}: ${quoted(text)}`);
  return `{${pairs.join(', ')}}`;
}

/** A text as Python prints it. */
export function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return escaped.includes("'") && !escaped.includes('"')
    ? `"${escaped}"`
    : `'${escaped.replaceAll("'", "\\'")}'`;
}

/** A list of texts as Python prints it. */
export function listed(texts: readonly string[]): string {
  return `[${texts.map(quoted).join(', ')}]`;
}

/** A float as Python prints it: 100 is `100.0`. */
export function float(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

const TYPES: Readonly<Record<number, string>> = {
  400: 'bad_request_error',
  401: 'auth_error',
  403: 'auth_error',
  404: 'not_found_error',
  409: 'bad_request_error',
  429: 'throttling_error',
  501: 'not_implemented_error',
  503: 'no_db_connection',
};

/** A refusal of core. Its reason and cure are ours; clients of LiteLLM pass over them. */
export function refusedAnswer(refusal: Refusal, detail = publicSentence(refusal)): Answer {
  const { status } = REFUSALS[refusal.refused];
  const type = TYPES[status] ?? RAISED;
  const error = { message: detail, type, param: null, code: String(status) };
  return answer(
    { error: { ...error, reason: refusal.refused, cure: cureOf(refusal) } },
    { status, ...(status === 503 ? { headers: { 'retry-after': RETRY_AFTER_SECONDS } } : {}) },
  );
}

/** The words of an answer that was made here, for lists in which each row fails by itself. */
export function messageOf({ body }: Answer): string {
  const { error } = body as { readonly error?: { readonly message: string } };
  return error?.message ?? JSON.stringify(body);
}
