// How a usage event is written into the gate and read back. Short names: a busy gate holds many.

import { z } from 'zod';
import type { AdmissionAsk, Settlement } from '../../core/gateway/gate.ts';
import type { UsageEvent } from '../../core/usage/usage-event.ts';

const Event = z.strictObject({
  o: z.string(),
  k: z.string(),
  m: z.string(),
  d: z.string(),
  j: z.string(),
  e: z.enum(['completed', 'failed', 'abandoned']),
  i: z.number().int().nonnegative(),
  p: z.number().int().nonnegative(),
  c: z.string().regex(/^\d+$/),
  g: z.boolean(),
  s: z.number().int(),
  t: z.number().int(),
});

/** The event as the stream carries it; charge and team stand beside it as fields of their own. */
export function eventText(settlement: Settlement): string {
  return JSON.stringify({
    o: settlement.identity.organizationId,
    k: settlement.identity.keyId,
    m: settlement.model,
    d: settlement.deployment,
    j: settlement.jobType,
    e: settlement.outcome,
    i: settlement.inputTokens,
    p: settlement.outputTokens,
    c: settlement.costNanoUsd.toString(),
    g: settlement.estimated,
    s: settlement.startedAtMs,
    t: settlement.endedAtMs,
  } satisfies z.input<typeof Event>);
}

/**
 * The event of a call whose proxy died before it marked anything: kept with the reservation, so that
 * the reaper can say what was abandoned.
 */
export function abandonedText(ask: AdmissionAsk, nowMs: number): string {
  return JSON.stringify({
    o: ask.identity.organizationId,
    k: ask.identity.keyId,
    m: ask.model,
    d: '',
    j: ask.jobType,
    e: 'abandoned',
    i: 0,
    p: 0,
    c: '0',
    g: true,
    s: nowMs,
    t: nowMs,
  } satisfies z.input<typeof Event>);
}

/** Reads a stream entry's fields; throws with what is wrong when they are not an event. */
export function readEvent(fields: Readonly<Record<string, string>>): UsageEvent {
  const outside = Outside.parse(fields);
  const inside = Event.parse(JSON.parse(outside.event));
  return {
    id: outside.id,
    teamId: outside.team,
    organizationId: inside.o,
    keyId: inside.k,
    model: inside.m,
    deployment: inside.d,
    jobType: inside.j,
    outcome: inside.e,
    inputTokens: BigInt(inside.i),
    outputTokens: BigInt(inside.p),
    costNanoUsd: BigInt(inside.c),
    charge: BigInt(outside.charge),
    excess: BigInt(outside.excess),
    estimated: inside.g,
    startedAt: new Date(inside.s),
    endedAt: new Date(inside.t),
  };
}

const Outside = z.object({
  id: z.string().min(1),
  team: z.string().min(1),
  charge: z.string().regex(/^\d+$/),
  excess: z.string().regex(/^\d+$/),
  event: z.string(),
});
