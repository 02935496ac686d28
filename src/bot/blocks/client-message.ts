// What an account manager sends on to a client: where to call, as what, and how. It holds links, and no key.

import type { KnownBlock } from '@slack/types';
import { REVEAL_LINK_LIFETIME_MS } from '../../core/keys/reveal-link.ts';
import { ROUTE_OF } from '../../core/models/dialect.ts';
import { bodyOfCall, SOME_CALL } from '../../core/models/first-call.ts';
import type { FirstCall } from '../../core/models/first-call.ts';
import { MINUTE_MS } from '../../core/time.ts';
import { mrkdwn } from '../escape.ts';
import { section } from './kit.ts';

const MINUTES = REVEAL_LINK_LIFETIME_MS / MINUTE_MS;
/** A client wants to see names, not a catalogue. */
const MODELS_NAMED = 8;

export interface ClientMessage {
  /** The first sentence, in plain text. */
  readonly greeting: string;
  /** Names that may be called. */
  readonly models: readonly string[];
  readonly firstCall: FirstCall | undefined;
  /** Whose key is behind which link; without one, the key comes another way. */
  readonly keys: readonly { readonly of: string; readonly revealUrl: string | undefined }[];
  /** Without a slash at its end. */
  readonly publicUrl: string;
}

/** A title, and the message in a block that is copied whole. */
export function clientMessage(message: ClientMessage): KnownBlock[] {
  return [
    section(mrkdwn`*Ready to be sent to the client* (copy all of it)`),
    section({ mrkdwn: `\`\`\`${literalInCode(linesOf(message).join('\n'))}\`\`\`` }),
  ];
}

function linesOf({ greeting, models, firstCall, keys, publicUrl }: ClientMessage): string[] {
  const sorted = [...new Set(models)].toSorted();
  const named = sorted.slice(0, MODELS_NAMED).join(', ');
  const more = sorted.length > MODELS_NAMED ? ' and more (GET /v1/models lists them)' : '';
  return [
    greeting,
    '',
    `Base URL: ${publicUrl}/v1`,
    `Models:   ${named === '' ? 'none yet' : named}${more}`,
    `Your key, shown once; please open the link within ${MINUTES} minutes:`,
    ...keys.map(({ of, revealUrl }) => `  ${of}: ${revealUrl ?? 'comes separately'}`),
    '',
    'A first call:',
    ...callLines(publicUrl, firstCall ?? SOME_CALL),
    '',
    `OpenAI's SDKs work unchanged with this base URL and key, Anthropic's with ${publicUrl} as theirs.`,
  ];
}

function callLines(publicUrl: string, call: FirstCall): string[] {
  return [
    `  curl ${publicUrl}${ROUTE_OF[call.dialect]} \\`,
    '    -H "Authorization: Bearer $API_KEY" -H "Content-Type: application/json" \\',
    `    -d '${JSON.stringify(bodyOfCall(call))}'`,
  ];
}

/** Within a block of code nothing is markup but what would end it and Slack's three characters. */
function literalInCode(text: string): string {
  return text
    .replaceAll('`', '´')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
