// How a usage event is written into the gate and read back. Short names: a busy gate holds many. It is
// written and read for each call, so both are done by hand; what is read is checked all the same.

import type { AdmissionAsk, KeyIdentity, Settlement } from '../../core/gateway/gate.ts';
import type { CallOutcome } from '../../core/usage/usage.ts';

interface EventText {
  /** Organization, key, model, job type, deployment, outcome. */
  readonly o: string;
  readonly k: string;
  readonly m: string;
  readonly j: string;
  readonly d: string;
  /** The user whose key called, and the job that the call is a part of. */
  readonly u?: string;
  readonly w?: string;
  /** The end user that the call named. */
  readonly f?: string;
  readonly e: CallOutcome;
  /** Usage tokens of input and output; cost in nano-USD, in digits; whether estimated. */
  readonly i: number;
  readonly p: number;
  readonly c: string;
  readonly g: boolean;
  /** Start and end in ms. */
  readonly s: number;
  readonly t: number;
}

/** The event as the stream carries it; charge, reservation and team stand before it. */
export function eventText(settlement: Settlement): string {
  const { identity, model, jobType, deployment } = settlement;
  return (
    `${beginning(identity, model, jobType)}${partsText(settlement)},"d":${JSON.stringify(deployment)},` +
    `"e":"${settlement.outcome}","i":${settlement.inputTokens},"p":${settlement.outputTokens},` +
    `"c":"${settlement.costNanoUsd}","g":${settlement.estimated},` +
    `"s":${settlement.startedAtMs},"t":${settlement.endedAtMs}}`
  );
}

/**
 * The event of a call whose proxy died before it marked anything: kept with the reservation, so that
 * the reaper can say what was abandoned.
 */
export function abandonedText(ask: AdmissionAsk, nowMs: number): string {
  return (
    `${beginning(ask.identity, ask.model, ask.jobType)}${partsText(ask)},"d":"","e":"abandoned","i":0,"p":0,` +
    `"c":"0","g":true,"s":${nowMs},"t":${nowMs}}`
  );
}

/** What single calls have beside the rest: a job, an end user. */
function partsText({ jobId, endUserId }: Pick<Settlement, 'jobId' | 'endUserId'>): string {
  const job = jobId === undefined ? '' : `,"w":${JSON.stringify(jobId)}`;
  return endUserId === undefined ? job : `${job},"f":${JSON.stringify(endUserId)}`;
}

const beginnings = new WeakMap<KeyIdentity, Map<string, string>>();
/** Models and job types of one key; a client cannot make more of them than are served here. */
const BEGINNINGS_MAX = 1_000;

/** What is the same for all calls of a key to one model is written once. */
function beginning(identity: KeyIdentity, model: string, jobType: string): string {
  let own = beginnings.get(identity);
  if (own === undefined || own.size >= BEGINNINGS_MAX) {
    own = new Map();
    beginnings.set(identity, own);
  }
  const place = `${jobType} ${model}`;
  let text = own.get(place);
  if (text === undefined) {
    const { organizationId: o, keyId: k, userId: u } = identity;
    const fields = { o, k, ...(u === undefined ? {} : { u }), m: model, j: jobType };
    text = JSON.stringify(fields).slice(0, -1);
    own.set(place, text);
  }
  return text;
}

/** A usage event as the records take it, in one JSON value: numbers that may be large are digits. */
export interface UsageRecord {
  readonly id: string;
  readonly team: string;
  readonly organization: string;
  readonly key: string;
  readonly model: string;
  readonly deployment: string;
  readonly job: string;
  readonly user: string | null;
  readonly part: string | null;
  readonly endUser: string | null;
  readonly outcome: CallOutcome;
  readonly input: number;
  readonly output: number;
  readonly cost: string;
  readonly charge: string;
  readonly excess: string;
  readonly estimated: boolean;
  readonly started: number;
  readonly ended: number;
}

const PACKED = /^(\d{1,18}) (\d{1,18}) (\S+) (\S+) (.*)$/s;

/** Reads an entry of the stream; throws with what is wrong when it is not an event. */
export function readEvent(packed: string): UsageRecord {
  const [, charge = '', excess = '', id = '', team = '', text = ''] = PACKED.exec(packed) ?? [];
  if (id === '') {
    throw new Error('Reading a usage event: it is not "charge excess reservation team event"');
  }
  const event = JSON.parse(text) as EventText;
  const complaint = complaintAbout(event);
  if (complaint !== undefined) {
    throw new Error(`Reading a usage event: ${complaint}`);
  }
  return {
    id,
    team,
    organization: event.o,
    key: event.k,
    model: event.m,
    deployment: event.d,
    job: event.j,
    user: event.u ?? null,
    part: event.w ?? null,
    endUser: event.f ?? null,
    outcome: event.e,
    input: event.i,
    output: event.p,
    cost: event.c,
    charge,
    excess,
    estimated: event.g,
    started: event.s,
    ended: event.t,
  };
}

const DIGITS = /^\d{1,18}$/;
const OUTCOMES: ReadonlySet<string> = new Set<CallOutcome>(['completed', 'failed', 'abandoned']);
/** The last millisecond that both JavaScript and Postgres can hold. */
const LAST_MS = 8_640_000_000_000_000;

function complaintAbout(event: EventText): string | undefined {
  if (typeof event !== 'object' || event === null) {
    return 'it is not an object';
  }
  const texts = [event.o, event.k, event.m, event.d, event.j];
  const named = [event.u ?? '', event.w ?? '', event.f ?? ''];
  if (![...texts, ...named].every((text) => typeof text === 'string')) {
    return 'o, k, m, d, j, u, w or f is not a text';
  }
  if (!OUTCOMES.has(event.e) || typeof event.g !== 'boolean') {
    return 'e is no outcome, or g is not true or false';
  }
  const numbers = [event.i, event.p, event.s, event.t];
  if (
    !numbers.every((number) => Number.isSafeInteger(number) && number >= 0 && number <= LAST_MS)
  ) {
    return 'i, p, s or t is not a whole number';
  }
  return typeof event.c === 'string' && DIGITS.test(event.c)
    ? undefined
    : 'c is not a whole number';
}
