// What a client pastes: a call in a shell, and a program. Both work as they stand.

import type { Dialect } from '../../core/models/dialect.ts';
import { ROUTE_OF } from '../../core/models/dialect.ts';
import { bodyOfCall, FIRST_CALL_TOKENS, SOME_CALL } from '../../core/models/first-call.ts';
import type { FirstCall } from '../../core/models/first-call.ts';

interface Shown {
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** Belongs into the environment once it is kept. */
  readonly secretKey: string;
  readonly firstCall: FirstCall | undefined;
}

export interface Examples {
  readonly curl: string;
  readonly python: string;
  /** The package of Python that the program uses. */
  readonly sdk: Dialect;
}

/** The first call of a client, in the dialect that its model is served in. */
export function examplesOf({ publicUrl, secretKey, firstCall = SOME_CALL }: Shown): Examples {
  const { model, dialect } = firstCall;
  const python = dialect === 'openai' ? openaiProgram : anthropicProgram;
  return {
    curl: curlExample(publicUrl, secretKey, firstCall),
    python: python(publicUrl, secretKey, model),
    sdk: dialect,
  };
}

function curlExample(publicUrl: string, secretKey: string, call: FirstCall): string {
  const body = JSON.stringify(bodyOfCall(call));
  return [
    `curl ${publicUrl}${ROUTE_OF[call.dialect]} \\`,
    `  -H "Authorization: Bearer ${secretKey}" \\`,
    '  -H "Content-Type: application/json" \\',
    // A quote ends the shell's text, stands escaped, and begins it again.
    `  -d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join('\n');
}

function openaiProgram(publicUrl: string, secretKey: string, model: string): string {
  return [
    'from openai import OpenAI',
    '',
    'client = OpenAI(',
    `    base_url=${JSON.stringify(`${publicUrl}/v1`)},`,
    `    api_key=${JSON.stringify(secretKey)},`,
    ')',
    'answer = client.chat.completions.create(',
    `    model=${JSON.stringify(model)},`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}

/** Its package adds `/v1` by itself. */
function anthropicProgram(publicUrl: string, secretKey: string, model: string): string {
  return [
    'from anthropic import Anthropic',
    '',
    'client = Anthropic(',
    `    base_url=${JSON.stringify(publicUrl)},`,
    `    api_key=${JSON.stringify(secretKey)},`,
    ')',
    'answer = client.messages.create(',
    `    model=${JSON.stringify(model)},`,
    `    max_tokens=${FIRST_CALL_TOKENS},`,
    '    messages=[{"role": "user", "content": "Hello"}],',
    ')',
    'print(answer.content[0].text)',
  ].join('\n');
}
