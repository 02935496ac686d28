// What comes back from upstreams that speak the OpenAI dialect.

import { dataOf, parsedEvent } from './stream-events.ts';
import type { StreamReading, UpstreamDialect } from './upstream-dialect.ts';
import { usageFrom, usageFromAnswer } from './usage-reading.ts';

/** OpenAI writes "usage":null into every event but one. */
const USAGE = Buffer.from('"usage":{');
const USAGE_SPACED = Buffer.from('"usage": {');
const DONE = Buffer.from('[DONE]');
const ERROR = Buffer.from('"error"');
const FINISH = Buffer.from('"finish_reason":"');

export const OPENAI: UpstreamDialect = {
  stream: { marks: [USAGE, USAGE_SPACED, FINISH, DONE, ERROR], look },
  isAnswer,
  usageOf: usageFromAnswer,
  texts: {
    prompt: (request) => request['messages'] ?? request['prompt'] ?? request['input'],
    answer: ({ choices }) =>
      Array.isArray(choices)
        ? (choices as Record<string, unknown>[]).map(
            (choice) => choice['delta'] ?? choice['message'] ?? choice['text'],
          )
        : undefined,
  },
};

function look(event: Buffer, reading: StreamReading): boolean {
  if (event.includes(DONE) && isEndMarker(event)) {
    reading.heldBack = event;
    reading.finished = true;
    return false;
  }
  reading.finished ||= event.includes(FINISH);
  const isInteresting =
    event.includes(USAGE) || event.includes(USAGE_SPACED) || event.includes(ERROR);
  const told = isInteresting ? parsedEvent(event) : undefined;
  if (isError(told)) {
    reading.erred = true;
    return false;
  }
  const found = usageFrom(told);
  reading.usage = found ?? reading.usage;
  return !(found !== undefined && hasNoChoices(told) && reading.hideUsage);
}

/** A story may hold the very same characters. */
function isEndMarker(event: Buffer): boolean {
  return dataOf(event) === '[DONE]';
}

function isError(told: unknown): boolean {
  const error = (told as { error?: unknown } | null | undefined)?.error;
  return error !== undefined && error !== null;
}

function hasNoChoices(told: unknown): boolean {
  const choices = (told as { choices?: unknown } | undefined)?.choices;
  return choices === undefined || (Array.isArray(choices) && choices.length === 0);
}

function isAnswer(body: Buffer): boolean {
  return (
    body[0] === OPENING_BRACE &&
    body.lastIndexOf(CLOSING_BRACE) >= body.length - TRAILING_SPACE_MAX &&
    (body.includes('"choices"') || body.includes('"data"')) &&
    !body.includes('"error":{')
  );
}

const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** Servers end their answers with a line break or two at the most. */
const TRAILING_SPACE_MAX = 4;
