// An upper bound of what a prompt of Anthropic's dialect can count as, without a tokenizer: as for chat,
// no more tokens than bytes, with what the provider adds by itself on top.

import type { CallShape } from '../../core/pricing/bound.ts';
import { PICTURE_TOKENS_MAX } from '../prompt.ts';

/** What is added around a whole conversation. */
const OVERHEAD_TOKENS = 64;
/** Tools and a given form of the answer bring a prompt of their own, of 530 tokens at the most. */
const HINTS_TOKENS_MAX = 1_000;
/** A tool that Anthropic describes itself: 735 tokens, and 499 around it, at the most. */
const KNOWN_TOOL_TOKENS_MAX = 2_000;
/** The widest window that any model has: whatever a file holds, no more of it is read. */
const WINDOW_TOKENS_MAX = 1_000_000;

/** Tools that the client runs, and only their description is Anthropic's. */
const KNOWN_TOOL = /^(bash|text_editor|computer|memory)_\d{8}$/;
/** Contents that count as what they say. */
const TEXTS = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use']);
/** Members of a body that cost nothing beside its text. A newer one may, so it is refused until it is known. */
const KNOWN_MEMBERS = new Set([
  'model',
  'messages',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  'metadata',
  'stop_sequences',
  'stream',
  'temperature',
  'top_k',
  'top_p',
  'thinking',
  'cache_control',
  'output_config',
  'output_format',
  'service_tier',
  'inference_geo',
  'speed',
  'context_management',
]);

type Json = Readonly<Record<string, unknown>>;

interface Parts {
  /** Beside the text. */
  tokens: number;
  /** Characters of pictures and files that stand in the body itself: they count otherwise. */
  embedded: number;
  pictures: boolean;
  unbounded: string | null;
}

/** What the prompt can count as at most, and what about it can't be bounded. */
export function messagesPromptOf(
  body: Json,
  bodyBytes: number,
): { shape: CallShape; unbounded: string | null } {
  const parts: Parts = {
    tokens: OVERHEAD_TOKENS,
    embedded: 0,
    pictures: false,
    unbounded: unboundedOf(body),
  };
  readTools(body, parts);
  readContent(body['system'], parts);
  if (Array.isArray(body['messages'])) {
    for (const message of body['messages'] as (Json | null)[]) {
      readContent(message?.['content'], parts);
    }
  }
  return {
    shape: {
      promptTokensUpperBound: Math.max(0, bodyBytes - parts.embedded) + parts.tokens,
      inputImages: parts.pictures,
    },
    unbounded: parts.unbounded,
  };
}

function readTools(body: Json, parts: Parts): void {
  const tools = Array.isArray(body['tools']) ? (body['tools'] as (Json | null)[]) : [];
  const hints = [body['output_format'], body['output_config']].some(isGiven);
  parts.tokens += tools.length > 0 || hints ? HINTS_TOKENS_MAX : 0;
  for (const tool of tools) {
    const type = tool?.['type'] ?? 'custom';
    if (typeof type === 'string' && KNOWN_TOOL.test(type)) {
      parts.tokens += KNOWN_TOOL_TOKENS_MAX;
    } else if (type !== 'custom') {
      parts.unbounded = `a tool of type ${JSON.stringify(type)} runs at the provider, any number of times`;
    }
  }
}

function readContent(content: unknown, parts: Parts): void {
  if (!Array.isArray(content)) {
    return;
  }
  for (const part of content as (Json | null)[]) {
    const type = part?.['type'];
    if (type === 'tool_result' || type === 'search_result') {
      readContent(part?.['content'], parts);
    } else if (type === 'image') {
      parts.pictures = true;
      parts.tokens += PICTURE_TOKENS_MAX;
      parts.embedded += dataLength(part?.['source']);
    } else if (type === 'document') {
      readDocument(part?.['source'], parts);
    } else if (typeof type !== 'string' || !TEXTS.has(type)) {
      parts.unbounded = `a part of type ${JSON.stringify(type)} can be of any size`;
    }
  }
}

function readDocument(source: unknown, parts: Parts): void {
  const { type, content } = (source ?? {}) as Json;
  if (type === 'content') {
    readContent(content, parts);
  } else if (type !== 'text') {
    // Its pages are read as pictures, too.
    parts.pictures = true;
    parts.tokens += WINDOW_TOKENS_MAX;
    parts.embedded += dataLength(source);
  }
}

function dataLength(source: unknown): number {
  const { type, data } = (source ?? {}) as Json;
  return type === 'base64' && typeof data === 'string' ? data.length : 0;
}

/** Only a name that is short and plain is repeated. */
const NAME = /^\w{1,40}$/;

function unboundedOf(body: Json): string | null {
  const unknown = Object.keys(body).find((name) => !KNOWN_MEMBERS.has(name) && isGiven(body[name]));
  if (unknown !== undefined) {
    return `what ${NAME.test(unknown) ? unknown : 'one of its members'} costs is not known here`;
  }
  const tier = body['service_tier'] ?? 'auto';
  if (tier !== 'auto' && tier !== 'standard_only') {
    return 'this service tier has no known price';
  }
  if ((body['speed'] ?? 'standard') !== 'standard') {
    return 'this speed has no known price';
  }
  if ((body['inference_geo'] ?? 'global') !== 'global') {
    return 'a call that stays in one region has no known price';
  }
  const edits = (body['context_management'] as Json | null | undefined)?.['edits'] ?? [];
  const clears = (edit: Json | null) => String(edit?.['type']).startsWith('clear_');
  return Array.isArray(edits) && (edits as (Json | null)[]).every(clears)
    ? null
    : 'writing a summary of the conversation costs more than its answer';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
