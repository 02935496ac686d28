// Calls of the client API are chat completions with other names around them.

import type { Attempt } from '../exchange.ts';
import type { CallGiven } from './shapes.ts';

/** Fields that are ours, not the model's. */
const OURS = new Set([
  'model',
  'model_group',
  'purpose',
  'call_metadata',
  'team_id',
  'user_id',
  'job_type',
  'job_metadata',
  'stream',
  'stream_options',
]);

/** The chat completion that a call asks for. What is null was not given. */
export function chatBody(given: CallGiven, stream: boolean): Buffer {
  const rest = Object.entries(given).filter(
    ([name, value]) => !OURS.has(name) && value !== null && value !== undefined,
  );
  const body = {
    model: given.model ?? given.model_group,
    ...Object.fromEntries(rest),
    // The last chunk carries the usage, as documented.
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  return Buffer.from(JSON.stringify(body));
}

interface Choice {
  readonly message?: { readonly content?: unknown; readonly tool_calls?: unknown };
  readonly finish_reason?: unknown;
}

/** The first answer of a chat completion, as this API tells it. */
export function responseView({ body }: Extract<Attempt, { kind: 'answered' }>): object {
  const choice = firstChoice(body.toString('utf8'));
  const toolCalls = choice?.message?.tool_calls;
  return {
    content: choice?.message?.content ?? null,
    finish_reason: choice?.finish_reason ?? null,
    ...(toolCalls === undefined || toolCalls === null ? {} : { tool_calls: toolCalls }),
  };
}

function firstChoice(text: string): Choice | undefined {
  try {
    return (JSON.parse(text) as { choices?: readonly Choice[] }).choices?.[0];
  } catch {
    return undefined;
  }
}
