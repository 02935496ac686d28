// One proxied request, from the body to the settlement. Whatever happens in between, the reservation ends
// here: settled for what was used, or released.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { admitCall, refuseKey } from '../core/gateway/admission.ts';
import type { AdmittedCall, ServedModel } from '../core/gateway/admission.ts';
import type { Gate, KeyIdentity, Settled } from '../core/gateway/gate.ts';
import { settlementOf } from '../core/gateway/settlement.ts';
import type { CallEnd } from '../core/gateway/settlement.ts';
import { newId } from '../core/ids.ts';
import { creditsInDigits } from '../core/money.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Clock } from '../core/time.ts';
import { addressOf } from './address.ts';
import { answerClient, callHeaders } from './answer-client.ts';
import type { Authenticate } from './authenticate.ts';
import type { ByteBudget } from './byte-budget.ts';
import { bodyFor, isCappedAt, readCallBody } from './call-body.ts';
import type { CallBody, Endpoint } from './call-body.ts';
import { concluded } from './conclude.ts';
import type { Used } from './conclude.ts';
import { attempt } from './exchange.ts';
import type { Attempt } from './exchange.ts';
import type { OpenCall, OpenCalls } from './open-calls.ts';
import { readBody } from './read-body.ts';
import { sendRefusal } from './refusals.ts';
import type { Deployment, Upstreams } from './upstream.ts';
import { isWorthAnotherTry } from './upstream-refusals.ts';

/** A model that is served here, and by what. */
export interface RoutedModel extends ServedModel {
  readonly deployments: readonly Deployment[];
}

export interface ProxyParts {
  readonly gate: Gate;
  readonly authenticate: Authenticate;
  readonly models: ReadonlyMap<string, RoutedModel>;
  readonly upstreams: Upstreams;
  readonly openCalls: OpenCalls;
  readonly bodies: ByteBudget;
  readonly clock: Clock;
  readonly bodyMaxBytes: number;
  readonly minOutputTokens: number;
  readonly upstreamTimeoutMs: number;
  /** Told of what must not happen: usage beyond its reservation, a settlement that could not be sent. */
  readonly onFault: (message: string, error?: unknown) => void;
}

/** What the client sees in the end is at most this many tries away. */
const TRIES_MAX = 3;
/** Before trying the same deployment again: long enough for a hiccup to pass. */
const RETRY_AFTER_MS = 100;

const UPSTREAM_PATHS: Readonly<Record<Endpoint, string>> = {
  chat: '/chat/completions',
  completion: '/completions',
  embedding: '/embeddings',
};

/** Serves one call of a model. */
export async function serveCall(
  parts: ProxyParts,
  endpoint: Endpoint,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  // Waiting for what is known already would cost a turn of the queue for each call.
  const found = parts.authenticate(req);
  const identity = found instanceof Promise ? await found : found;
  if (isRefusal(identity)) {
    return refuseEarly(req, res, identity);
  }
  const early = isLarge(req) ? await refuseKey(parts.gate, identity, addressOf(req)) : undefined;
  if (early !== undefined) {
    return refuseEarly(req, res, early);
  }
  const announced = Math.min(announcedBytes(req), parts.bodyMaxBytes);
  if (!parts.bodies.take(announced)) {
    return refuseEarly(req, res, refuse('server_busy'));
  }
  try {
    await serveKnown(parts, endpoint, identity, req, res);
  } finally {
    parts.bodies.give(announced);
  }
}

/** Serves a call of a key that is known; whether it may call at all is asked with everything else. */
async function serveKnown(
  parts: ProxyParts,
  endpoint: Endpoint,
  identity: KeyIdentity,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const bytes = await readBody(req, parts.bodyMaxBytes);
  if (isRefusal(bytes)) {
    return refuseEarly(req, res, bytes);
  }
  const body = readCallBody(bytes, endpoint);
  if (isRefusal(body)) {
    return sendRefusal(res, body);
  }
  const admission = await admitCall(parts, identity, {
    reservationId: newId(),
    asked: body.model,
    endpoint,
    address: addressOf(req),
    jobId: undefined,
    jobType: endpoint,
    shape: body.shape,
    outputCap: body.outputCap,
    unbounded: body.unbounded,
  });
  if (isRefusal(admission)) {
    return sendRefusal(res, admission);
  }
  const { call, model } = admission;
  const open: OpenCall = {
    call,
    promptBytes: body.bytes.length,
    deployment: undefined,
    relay: undefined,
  };
  parts.openCalls.add(open);
  try {
    await relayCall(parts, model, body, open, res);
  } finally {
    parts.openCalls.remove(open);
  }
}

/** From here on a body is worth asking first whether its sender may call anything at all. */
const LARGE_BODY_BYTES = 64 * 1024;

function isLarge(req: IncomingMessage): boolean {
  return announcedBytes(req) > LARGE_BODY_BYTES;
}

/** A body that comes in chunks announces nothing, so it counts as the largest. */
function announcedBytes(req: IncomingMessage): number {
  return Number(req.headers['content-length'] ?? Number.POSITIVE_INFINITY);
}

/** Answers before the body was read; what still comes is thrown away, within reason. */
function refuseEarly(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  sendRefusal(res, refusal, req.complete ? {} : { connection: 'close' });
  req.resume();
}

async function relayCall(
  parts: ProxyParts,
  model: RoutedModel,
  body: CallBody,
  open: OpenCall,
  res: ServerResponse,
): Promise<void> {
  const { call } = open;
  let end: CallEnd = endOf(parts, undefined, 'failed');
  let answer: (settled: Settled | undefined) => void = () => res.destroy();
  try {
    const tried = await tryDeployments(parts, model, body, open, res);
    const outcome = await concluded(body, tried.result, parts.onFault);
    end = endOf(parts, tried.deployment, outcome.outcome, outcome.usage);
    answer = (settled) =>
      answerClient(parts.upstreamTimeoutMs, call, body, tried.result, settled, res);
  } finally {
    answer(await settle(parts, call, end));
  }
}

/** Settles; where the gate is away the settlement is kept and handed in when it is back. */
async function settle(
  parts: ProxyParts,
  call: AdmittedCall,
  end: CallEnd,
): Promise<Settled | undefined> {
  try {
    const settled = await parts.gate.settle(settlementOf(call, end));
    if (settled.excessMicrocredits > 0) {
      const excess = creditsInDigits(settled.excessMicrocredits);
      parts.onFault(`Call ${call.reservationId} used ${excess} credits more than it had reserved`);
    }
    return settled;
  } catch (error) {
    parts.onFault(`Settling call ${call.reservationId}: kept, to be handed in again`, error);
    return undefined;
  }
}

interface Tried {
  readonly deployment: Deployment;
  readonly result: Attempt;
}

async function tryDeployments(
  parts: ProxyParts,
  model: RoutedModel,
  body: CallBody,
  open: OpenCall,
  res: ServerResponse,
): Promise<Tried> {
  const { deployments } = model;
  const first = Math.floor(Math.random() * deployments.length);
  const tries = Math.min(TRIES_MAX, deployments.length + 1);
  for (let at = 0; ; at += 1) {
    // The configuration has at least one deployment for each model.
    const deployment = deployments[(first + at) % deployments.length] as Deployment;
    open.deployment = deployment;
    const result = await attempt({
      upstreams: parts.upstreams,
      deployment,
      path: UPSTREAM_PATHS[body.endpoint],
      body: upstreamBody(body, deployment, open.call),
      stream: body.stream,
      hideUsage: !body.wantsUsage,
      res,
      streamHeaders: () => callHeaders(open.call, body),
      onRelay: (relay) => {
        open.relay = relay;
      },
    });
    const isLast = at + 1 >= tries || res.destroyed;
    const isAlone = deployments.length === 1;
    const again =
      result.kind === 'failed' &&
      !result.timedOut &&
      isWorthAnotherTry(result) &&
      !(isAlone && result.status === 429);
    if (!again || isLast) {
      return { deployment, result };
    }
    if (isAlone) {
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_AFTER_MS * (1 + Math.random()));
      });
    }
  }
}

function upstreamBody(body: CallBody, deployment: Deployment, call: AdmittedCall): Buffer {
  const renamed = deployment.upstreamModel !== body.model;
  const asksUsage = body.stream && !body.wantsUsage && body.endpoint !== 'embedding';
  return bodyFor(body, {
    ...(renamed ? { model: deployment.upstreamModel } : {}),
    ...(needsCap(call, body, deployment.upstreamModel) ? { outputCap: call.outputCap } : {}),
    ...(asksUsage ? { askForUsage: true } : {}),
  });
}

/** A team that pays by the job pays the same for any length, so its calls stay as they came. */
function needsCap(call: AdmittedCall, body: CallBody, upstreamModel: string): boolean {
  return (
    call.isCapBinding &&
    body.endpoint !== 'embedding' &&
    !isCappedAt(body, call.outputCap, upstreamModel)
  );
}

function endOf(
  parts: ProxyParts,
  deployment: Deployment | undefined,
  outcome: CallEnd['outcome'],
  used?: Used,
): CallEnd {
  return {
    deployment,
    outcome,
    usage: used?.usage,
    estimated: used?.estimated ?? false,
    endedAtMs: parts.clock(),
  };
}
