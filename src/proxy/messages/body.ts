import type { IncomingHttpHeaders } from 'node:http';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Field } from '../body-fields.ts';
import { readJsonBody } from '../body-json.ts';
import { OUTPUT_CAP_MAX } from '../call-body.ts';
import type { CallBody } from '../call-body.ts';
import {
  complaintAboutBoolean,
  complaintAboutObject,
  complaintAboutText,
  complaintAboutTwice,
  complaintAboutWhole,
} from '../complaints.ts';
import type { Complaint } from '../complaints.ts';
import { endUserIn } from '../end-user.ts';
import { messagesPromptOf } from './prompt.ts';

/** What reading decides on; a second one of these could tell us one thing and the provider another. */
const DECIDING = new Set([
  'model',
  'stream',
  'max_tokens',
  'messages',
  'system',
  'tools',
  'thinking',
  'output_format',
  'output_config',
  'service_tier',
  'speed',
  'inference_geo',
  'context_management',
]);

/** The version that this door was written for; clients may name another. */
const DEFAULT_VERSION = '2023-06-01';
/** Dates and words with commas between them: nothing that could end a header. */
const HEADER_TEXT = /^[\w.,: -]{1,1000}$/;
/** With this beta the model takes more than its own window. */
const WIDER_WINDOW = /\bcontext-/i;

/** Reads a body of `POST /v1/messages`, or says what is wrong with it. Never echoes it. */
export function readMessagesBody(bytes: Buffer, headers: IncomingHttpHeaders): CallBody | Refusal {
  const read = readJsonBody(bytes);
  if (isRefusal(read)) {
    return read;
  }
  const { text, body, fields } = read;
  const { 'anthropic-version': version = DEFAULT_VERSION, 'anthropic-beta': beta } = headers;
  const complaint =
    complaintAbout(body, fields) ??
    complaintAboutHeader('anthropic-version', version) ??
    complaintAboutHeader('anthropic-beta', beta ?? 'none');
  if (complaint !== undefined) {
    return refuse('parameter_invalid', complaint);
  }
  const { shape, unbounded } = messagesPromptOf(body, bytes.length);
  // The complaints above have checked these shapes.
  return {
    bytes,
    text,
    fields,
    endpoint: 'messages',
    dialect: 'anthropic',
    model: body['model'] as string,
    stream: body['stream'] === true,
    wantsUsage: true,
    streamOptions: {},
    outputCap: body['max_tokens'] as number,
    outputCapMin: leastCap(body['thinking']),
    shape: { ...shape, answers: 1, widerWindow: WIDER_WINDOW.test(String(beta)) },
    unbounded,
    endUserId: endUserIn(body),
    upstreamHeaders: [
      'anthropic-version',
      version as string,
      ...(beta === undefined ? [] : ['anthropic-beta', beta as string]),
    ],
  };
}

function complaintAbout(
  body: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
): Complaint | undefined {
  return (
    complaintAboutTwice(fields, DECIDING) ??
    complaintAboutText(body, 'model') ??
    complaintAboutMessages(body['messages']) ??
    complaintAboutBoolean(body, 'stream') ??
    complaintAboutObject(body, 'thinking') ??
    complaintAboutCap(body)
  );
}

function complaintAboutMessages(messages: unknown): Complaint | undefined {
  return Array.isArray(messages) && messages.length > 0
    ? undefined
    : { parameter: 'messages', complaint: 'a list of at least one message is needed' };
}

function complaintAboutCap(body: Readonly<Record<string, unknown>>): Complaint | undefined {
  const { max_tokens: cap } = body;
  return cap === undefined || cap === null
    ? {
        parameter: 'max_tokens',
        complaint: `it is missing, a whole number from 1 to ${OUTPUT_CAP_MAX} is needed`,
      }
    : complaintAboutWhole(body, 'max_tokens', OUTPUT_CAP_MAX);
}

function complaintAboutHeader(
  parameter: string,
  value: string | string[] | undefined,
): Complaint | undefined {
  return typeof value === 'string' && HEADER_TEXT.test(value)
    ? undefined
    : { parameter, complaint: 'one line of words, as Anthropic documents it, is needed' };
}

/** A cap that leaves nothing beside the thinking is refused by the provider. */
function leastCap(thinking: unknown): number | undefined {
  const budget = (thinking as Record<string, unknown> | null | undefined)?.['budget_tokens'];
  return typeof budget === 'number' && Number.isInteger(budget) && budget > 0
    ? Math.min(budget, OUTPUT_CAP_MAX) + 1
    : undefined;
}
