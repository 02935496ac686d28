// What comes back from upstreams that speak Anthropic's dialect. A stream tells the prompt's numbers in its
// first event and the answer's in `message_delta`; `message_stop` ends it.
// https://platform.claude.com/docs/en/build-with-claude/streaming

import { parsedEvent } from '../stream-events.ts';
import type { StreamReading, UpstreamDialect } from '../upstream-dialect.ts';
import { objectOf } from '../provider-numbers.ts';
import { laterNumbers, usageFromNumbers } from './usage.ts';

const START = Buffer.from('"message_start"');
const DELTA = Buffer.from('"message_delta"');
const STOP = Buffer.from('"message_stop"');
const ERROR = Buffer.from('"error"');

export const ANTHROPIC: UpstreamDialect = {
  stream: { marks: [START, DELTA, STOP, ERROR], look },
  isAnswer: (body) => parsed(body)?.['type'] === 'message',
  usageOf: (answer) => usageFromNumbers(parsed(answer)?.['usage']),
  texts: {
    prompt: ({ system, messages, tools }) => [system, messages, tools],
    answer: ({ type, delta, content_block: block, content }) =>
      type === 'message_delta' ? undefined : (delta ?? block ?? content),
  },
};

/** Quotes inside of a text are escaped, but the input of a tool is JSON and may hold any name. */
function look(event: Buffer, reading: StreamReading): boolean {
  const told = objectOf(parsedEvent(event));
  switch (told?.['type']) {
    case 'message_start':
      reading.notes = objectOf(told['message'])?.['usage'];
      reading.begun = usageFromNumbers(reading.notes);
      return true;
    case 'message_delta':
      reading.notes = laterNumbers(reading.notes, told['usage']);
      // Without numbers of its own it says nothing of the answer.
      reading.usage =
        objectOf(told['usage']) === undefined ? reading.usage : usageFromNumbers(reading.notes);
      reading.finished ||= typeof objectOf(told['delta'])?.['stop_reason'] === 'string';
      return true;
    case 'message_stop':
      reading.heldBack = event;
      reading.finished = true;
      return false;
    case 'error':
      reading.erred = true;
      return false;
    default:
      return true;
  }
}

function parsed(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}
