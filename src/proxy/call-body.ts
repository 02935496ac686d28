import { isUtf8 } from 'node:buffer';
import type { CallShape } from '../core/pricing/bound.ts';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { fieldsOf, withFields } from './body-fields.ts';
import type { Field } from './body-fields.ts';
import { complaintAboutNesting } from './nesting.ts';
import { promptOf } from './prompt.ts';

export type Endpoint = 'chat' | 'completion' | 'embedding';

/** A call's body, understood as far as admission and relaying need. */
export interface CallBody {
  readonly bytes: Buffer;
  readonly text: string;
  readonly fields: readonly Field[];
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client itself asked for the usage chunk at the end of a stream. */
  readonly wantsUsage: boolean;
  readonly streamOptions: Readonly<Record<string, unknown>>;
  readonly outputCap: number | undefined;
  readonly shape: CallShape;
  readonly unbounded: string | null;
}

/** The most answers that one request may ask for; OpenAI's own limit. */
const ANSWERS_MAX = 128;
/** Past any model; keeps the gate's products below 2^53. */
const OUTPUT_CAP_MAX = 10_000_000;
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
/** A name of a model that is longer is none, and would be repeated in the refusal. */
const MODEL_MAX_LENGTH = 256;

/** Reads a body, or says what is wrong with it. Never echoes it. */
export function readCallBody(bytes: Buffer, endpoint: Endpoint): CallBody | Refusal {
  if (!isUtf8(bytes)) {
    return refuse('body_not_json', { complaint: 'it is not UTF-8' });
  }
  const nesting = complaintAboutNesting(bytes);
  if (nesting !== undefined) {
    return refuse('body_not_json', { complaint: nesting });
  }
  const text = bytes.toString('utf8');
  const body = parsed(text);
  if (typeof body === 'string') {
    return refuse('body_not_json', { complaint: body });
  }
  const fields = fieldsOf(text);
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
    model: body['model'] as string,
    stream: body['stream'] === true,
    wantsUsage: streamOptions['include_usage'] === true,
    streamOptions,
    outputCap: endpoint === 'embedding' ? 0 : capOf(body),
    shape: { ...prompt.shape, answers: endpoint === 'embedding' ? 1 : answers * prompts },
    unbounded: prompt.unbounded,
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

interface Complaint {
  readonly parameter: string;
  readonly complaint: string;
}

function complaintAbout(
  body: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  endpoint: Endpoint,
): Complaint | undefined {
  return (
    complaintAboutTwice(fields) ??
    complaintAboutText(body, 'model') ??
    complaintAboutPrompt(body, endpoint) ??
    complaintAboutBoolean(body, 'stream') ??
    complaintAboutObject(body, 'stream_options') ??
    complaintAboutWhole(body, 'n', ANSWERS_MAX) ??
    complaintAboutWhole(body, 'max_tokens', OUTPUT_CAP_MAX) ??
    complaintAboutWhole(body, 'max_completion_tokens', OUTPUT_CAP_MAX)
  );
}

function complaintAboutTwice(fields: readonly Field[]): Complaint | undefined {
  const seen = new Set<string>();
  for (const { name } of fields) {
    // Some servers read names in any case, and the last one of them.
    const decides = name.toLowerCase();
    if (DECIDING.has(decides) && decides !== name) {
      return { parameter: name.slice(0, MODEL_MAX_LENGTH), complaint: `write it as ${decides}` };
    }
    if (DECIDING.has(name) && seen.has(name)) {
      return { parameter: name, complaint: 'it stands in the body twice' };
    }
    seen.add(name);
  }
  return undefined;
}

function complaintAboutText(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
): Complaint | undefined {
  const value = body[parameter];
  return typeof value === 'string' && value !== '' && value.length <= MODEL_MAX_LENGTH
    ? undefined
    : { parameter, complaint: `a text of 1 to ${MODEL_MAX_LENGTH} characters is needed` };
}

const PROMPT_NAMES = { chat: 'messages', completion: 'prompt', embedding: 'input' } as const;

function complaintAboutPrompt(
  body: Readonly<Record<string, unknown>>,
  endpoint: Endpoint,
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

function complaintAboutBoolean(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
): Complaint | undefined {
  const value = body[parameter] ?? false;
  return typeof value === 'boolean'
    ? undefined
    : { parameter, complaint: 'true or false is needed' };
}

function complaintAboutObject(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
): Complaint | undefined {
  const value = body[parameter] ?? {};
  return typeof value === 'object' && !Array.isArray(value)
    ? undefined
    : { parameter, complaint: 'an object is needed' };
}

function complaintAboutWhole(
  body: Readonly<Record<string, unknown>>,
  parameter: string,
  most: number,
): Complaint | undefined {
  const value = body[parameter] ?? 1;
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most
    ? undefined
    : { parameter, complaint: `a whole number from 1 to ${most} is needed` };
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
