// One proxied call, from its admission to its settlement: the only way to a provider. Whatever happens in
// between, the reservation ends here: settled for what was used, or released.

import type { ServerResponse } from 'node:http';
import { admitCall } from '../core/gateway/admission.ts';
import type { AdmittedCall } from '../core/gateway/admission.ts';
import type { KeyIdentity, Settled } from '../core/gateway/gate.ts';
import { settlementOf } from '../core/gateway/settlement.ts';
import type { CallEnd } from '../core/gateway/settlement.ts';
import { newId } from '../core/ids.ts';
import { creditsInDigits } from '../core/money.ts';
import { isRefusal } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { callHeaders } from './answer-client.ts';
import { bodyFor, isCappedAt } from './call-body.ts';
import type { CallBody, Endpoint } from './call-body.ts';
import { concluded } from './conclude.ts';
import type { Used } from './conclude.ts';
import { UPSTREAM_DIALECTS } from './dialects.ts';
import { attempt } from './exchange.ts';
import type { Attempt } from './exchange.ts';
import type { OpenCall } from './open-calls.ts';
import type { ProxyParts, RoutedModel } from './parts.ts';
import type { Deployment } from './upstream.ts';
import { isWorthAnotherTry } from './upstream-refusals.ts';

/** A call as its door understood it. */
export interface CallToRun {
  readonly identity: KeyIdentity;
  readonly address: string;
  readonly body: CallBody;
  /** The job that it is a part of; undefined where it stands alone. */
  readonly jobId: string | undefined;
  /** The end user that it names. */
  readonly endUserId?: string | undefined;
}

/** A call that is over and settled; its client waits for the answer, or for the end of the stream. */
export interface EndedCall {
  readonly call: AdmittedCall;
  readonly body: CallBody;
  readonly end: CallEnd;
  readonly result: Attempt;
  /** Undefined where the gate is away: then it is handed in later. */
  readonly settled: Settled | undefined;
}

/** Tells the client. Answers a promise only where it has more to do than that. */
type Tell = (ended: EndedCall) => void | Promise<void>;

/** What the client sees in the end is at most this many tries away. */
const TRIES_MAX = 3;
/** Before trying the same deployment again: long enough for a hiccup to pass. */
const RETRY_AFTER_MS = 100;

const UPSTREAM_PATHS: Readonly<Record<Endpoint, string>> = {
  chat: '/chat/completions',
  completion: '/completions',
  embedding: '/embeddings',
  messages: '/messages',
};

/** Runs a call; answers why not, if it may not go. Streams leave through `res` as they come. */
export async function runCall(
  parts: ProxyParts,
  { identity, address, body, jobId, endUserId }: CallToRun,
  res: ServerResponse,
  tell: Tell,
): Promise<Refusal | undefined> {
  const startedMs = performance.now();
  const admission = await admitCall(parts, identity, {
    reservationId: newId(),
    asked: body.model,
    endpoint: body.endpoint,
    dialect: body.dialect,
    address,
    jobId,
    jobType: body.endpoint,
    endUserId,
    shape: body.shape,
    outputCap: body.outputCap,
    outputCapMin: body.outputCapMin,
    unbounded: body.unbounded,
  });
  if (isRefusal(admission)) {
    return admission;
  }
  const { call, model } = admission;
  if (jobId !== undefined) {
    parts.noteStart(jobId);
  }
  const open: OpenCall = {
    call,
    promptBytes: body.bytes.length,
    deployment: undefined,
    relay: undefined,
  };
  parts.openCalls.add(open);
  let end: CallEnd = endOf(parts, undefined, 'failed');
  // Stays undefined where a fault broke the call; that fault answers the client.
  let result: Attempt | undefined;
  let upstreamMs = 0;
  try {
    const calledMs = performance.now();
    const tried = await tryDeployments(parts, model, body, open, res);
    upstreamMs = performance.now() - calledMs;
    const outcome = await concluded(body, tried.result, parts.onFault);
    end = endOf(parts, tried.deployment, outcome.outcome, outcome.usage);
    result = tried.result;
  } finally {
    const settled = await settle(parts, call, end);
    try {
      const telling = result && tell({ call, body, end, result, settled });
      if (telling !== undefined) {
        await telling;
      }
    } finally {
      const tookMs = performance.now() - startedMs;
      parts.meters.ended(call.model, tookMs, upstreamMs, end.outcome === 'failed');
      // Only now: a process that is told to stop waits for open calls, and for nothing else.
      parts.openCalls.remove(open);
    }
  }
  return undefined;
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
  const deployments = model.byDialect[body.dialect];
  const first = Math.floor(Math.random() * deployments.length);
  const tries = Math.min(TRIES_MAX, deployments.length + 1);
  for (let at = 0; ; at += 1) {
    // Admission refuses what has no deployment in this dialect.
    const deployment = deployments[(first + at) % deployments.length] as Deployment;
    open.deployment = deployment;
    const result = await attempt({
      upstreams: parts.upstreams,
      deployment,
      dialect: UPSTREAM_DIALECTS[body.dialect],
      path: UPSTREAM_PATHS[body.endpoint],
      body: upstreamBody(body, deployment, open.call),
      headers: body.upstreamHeaders,
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
