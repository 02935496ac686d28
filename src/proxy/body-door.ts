import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseKey } from '../core/gateway/admission.ts';
import type { KeyIdentity } from '../core/gateway/gate.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { ProxyParts } from './parts.ts';
import { readBody } from './read-body.ts';
import { answerTo } from './remembering-answer.ts';
import type { Words } from './refusals.ts';

/** How one dialect takes bodies: its words for a refusal, and what it does with a whole one. */
export interface BodyDoor {
  readonly refuse: Words['refuse'];
  /** Serves a caller who is known; whether they may do this at all is asked with everything else. */
  readonly serve: (
    parts: ProxyParts,
    caller: KeyIdentity,
    bytes: Buffer,
    req: IncomingMessage,
    res: ServerResponse,
  ) => Promise<void>;
}

/** Finds out who calls and reads their body, within what this process holds at once. */
export async function serveBody(
  parts: ProxyParts,
  door: BodyDoor,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  // Waiting for what is known already would cost a turn of the queue for each call.
  const found = parts.authenticate(req);
  const caller = found instanceof Promise ? await found : found;
  if (isRefusal(caller)) {
    return refuseEarly(door, req, res, caller);
  }
  answerTo(res, caller);
  const early = isLarge(req)
    ? await refuseKey(parts.gate, caller, parts.addressOf(req))
    : undefined;
  if (early !== undefined) {
    return refuseEarly(door, req, res, early);
  }
  const announced = Math.min(announcedBytes(req), parts.bodyMaxBytes);
  if (!parts.bodies.take(announced)) {
    return refuseEarly(door, req, res, refuse('server_busy'));
  }
  try {
    const bytes = await readBody(req, parts.bodyMaxBytes);
    if (isRefusal(bytes)) {
      refuseEarly(door, req, res, bytes);
    } else {
      await door.serve(parts, caller, bytes, req, res);
    }
  } finally {
    parts.bodies.give(announced);
  }
}

/** From here on a body is worth asking first whether its sender may call anything at all. */
const LARGE_BODY_BYTES = 64 * 1024;

function isLarge(req: IncomingMessage): boolean {
  return announcedBytes(req) > LARGE_BODY_BYTES;
}

/** A body that comes in chunks announces nothing, so it counts as the largest. */
function announcedBytes({ headers }: IncomingMessage): number {
  const isUnannounced = headers['transfer-encoding'] !== undefined;
  return Number(headers['content-length'] ?? (isUnannounced ? Number.POSITIVE_INFINITY : 0));
}

/** Answers before the body was read; what still comes is thrown away, within reason. */
function refuseEarly(
  door: BodyDoor,
  req: IncomingMessage,
  res: ServerResponse,
  refusal: Refusal,
): void {
  door.refuse(res, refusal, req.complete ? {} : { connection: 'close' });
  req.resume();
}
