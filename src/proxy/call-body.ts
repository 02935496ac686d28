import type { Dialect } from '../core/models/dialect.ts';
import type { CallShape } from '../core/pricing/bound.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { withFields } from './body-fields.ts';
import type { Field } from './body-fields.ts';
import { readJsonBody } from './body-json.ts';
import {
  complaintAboutBoolean,
  complaintAboutObject,
  complaintAboutText,
  complaintAboutTwice,
  complaintAboutWhole,
} from './complaints.ts';
import type { Complaint } from './complaints.ts';
import { endUserIn } from './end-user.ts';
import { promptOf } from './prompt.ts';

/** The kinds of call in the OpenAI dialect. */
export type OpenaiEndpoint = 'chat' | 'completion' | 'embedding';
/** What a key may be confined to. */
export type Endpoint = OpenaiEndpoint | 'messages';

/** A call's body, understood as far as admission and relaying need. */
export interface CallBody {
  readonly bytes: Buffer;
  readonly text: string;
  readonly fields: readonly Field[];
  readonly endpoint: Endpoint;
  readonly dialect: Dialect;
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client itself asked for the usage chunk at the end of a stream. */
  readonly wantsUsage: boolean;
  readonly streamOptions: Readonly<Record<string, unknown>>;
  readonly outputCap: number | undefined;
  /** Below this the answer would be none; undefined where any length is one. */
  readonly outputCapMin: number | undefined;
  readonly shape: CallShape;
  readonly unbounded: string | null;
  /** The end user that it names. */
  readonly endUserId: string | undefined;
  /** Names and values by turns, for the upstream. */
  readonly upstreamHeaders: readonly string[] | undefined;
}

/** The most answers that one request may ask for; OpenAI's own limit. */
const ANSWERS_MAX = 128;
/** Past any model; keeps the gate's products below 2^53. */
export const OUTPUT_CAP_MAX = 10_000_000;
/** What reading decides on; a second one of these could tell us one thing and the provider another. */
const DECIDING = new Set([
  'model',
  'stream',
  'stream_options',
  'n',
  'max_tokens',
  'max_completion_tokens',
  'messages',
  'prompt',
  'input',
  'service_tier',
  'best_of',
  'modalities',
  'prediction',
  'web_search_options',
  'search_parameters',
]);

/** Reads a body, or says what is wrong with it. Never echoes it. */
export function readCallBody(bytes: Buffer, endpoint: OpenaiEndpoint): CallBody | Refusal {
  const read = readJsonBody(bytes);
  if (isRefusal(read)) {
    return read;
  }
  const { text, body, fields } = read;
  const complaint = complaintAbout(body, fields, endpoint);
  if (complaint !== undefined) {
    return refuse('parameter_invalid', complaint);
  }
  // The complaints above have checked these shapes.
  const answers = (body['n'] as number | null | undefined) ?? 1;
  const streamOptions = (body['stream_options'] ?? {}) as Record<string, unknown>;
  const prompt = promptOf(body, bytes.length);
  const prompts = endpoint === 'completion' ? promptCount(body['prompt']) : 1;
  return {
    bytes,
    text,
    fields,
    endpoint,
    dialect: 'openai',
    model: body['model'] as string,
    stream: body['stream'] === true,
    wantsUsage: streamOptions['include_usage'] === true,
    streamOptions,
    outputCap: endpoint === 'embedding' ? 0 : capOf(body),
    outputCapMin: undefined,
    shape: { ...prompt.shape, answers: endpoint === 'embedding' ? 1 : answers * prompts },
    unbounded: prompt.unbounded,
    endUserId: endUserIn(body),
    upstreamHeaders: undefined,
  };
}

/** What must be different upstream; nothing where the body may go as it came. */
export interface BodyChanges {
  readonly model?: string;
  readonly outputCap?: number;
  readonly askForUsage?: boolean;
}

/** The body to send upstream: the client's own bytes unless something must be different. */
export function bodyFor(body: CallBody, changes: BodyChanges): Buffer {
  const set: Record<string, unknown> = {};
  if (changes.model !== undefined) {
    set['model'] = changes.model;
  }
  if (changes.outputCap !== undefined) {
    // Under the one name that this model heeds: a cap that is not understood is no cap.
    for (const name of CAP_NAMES) {
      set[name] = undefined;
    }
    set[capName(changes.model ?? body.model, body.endpoint)] = changes.outputCap;
  }
  if (changes.askForUsage === true) {
    set['stream_options'] = { ...body.streamOptions, include_usage: true };
  }
  return Object.keys(set).length === 0
    ? body.bytes
    : Buffer.from(withFields(body.text, body.fields, set));
}

const CAP_NAMES = ['max_tokens', 'max_completion_tokens'] as const;

/** Whether the body caps its answer at just this, under the name that the model heeds. */
export function isCappedAt(body: CallBody, outputCap: number, upstreamModel: string): boolean {
  const name = capName(upstreamModel, body.endpoint);
  const caps = body.fields.filter((field) => (CAP_NAMES as readonly string[]).includes(field.name));
  return caps.length === 1 && caps[0]?.name === name && body.outputCap === outputCap;
}

/** Reasoning models of OpenAI know only the newer name; older servers know only the older one. */
function capName(model: string, endpoint: Endpoint): string {
  return endpoint === 'chat' && /^(o\d|gpt-5)/.test(model) ? 'max_completion_tokens' : 'max_tokens';
}

function complaintAbout(
  body: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  endpoint: OpenaiEndpoint,
): Complaint | undefined {
  return (
    complaintAboutTwice(fields, DECIDING) ??
    complaintAboutText(body, 'model') ??
    complaintAboutPrompt(body, endpoint) ??
    complaintAboutBoolean(body, 'stream') ??
    complaintAboutObject(body, 'stream_options') ??
    complaintAboutWhole(body, 'n', ANSWERS_MAX) ??
    complaintAboutWhole(body, 'max_tokens', OUTPUT_CAP_MAX) ??
    complaintAboutWhole(body, 'max_completion_tokens', OUTPUT_CAP_MAX)
  );
}

const PROMPT_NAMES = { chat: 'messages', completion: 'prompt', embedding: 'input' } as const;

function complaintAboutPrompt(
  body: Readonly<Record<string, unknown>>,
  endpoint: OpenaiEndpoint,
): Complaint | undefined {
  const parameter = PROMPT_NAMES[endpoint];
  const value = body[parameter];
  if (endpoint === 'chat' && (!Array.isArray(value) || value.length === 0)) {
    return { parameter, complaint: 'a list of at least one message is needed' };
  }
  return value === undefined || value === null
    ? { parameter, complaint: 'it is missing' }
    : undefined;
}

/** A list of texts, or of lists of numbers, is as many prompts; a list of numbers is one. */
function promptCount(prompt: unknown): number {
  return Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1;
}

/** With two caps the larger one bounds what may come. */
function capOf(body: Readonly<Record<string, unknown>>): number | undefined {
  const caps = [body['max_tokens'], body['max_completion_tokens']].filter(
    (cap) => typeof cap === 'number',
  );
  return caps.length === 0 ? undefined : Math.max(...caps);
}
