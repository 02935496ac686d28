import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { refusalFrom } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { BodyRefused } from './json-body.ts';
import type { Page } from './page/layout.ts';
import { brokenPage, refusedPage } from './reveal/pages.ts';

interface FaultSettings {
  readonly log: Logger;
  readonly bodyMaxBytes: number;
}

/** What a thrown fault amounts to for whoever asked. What is our mistake stands in the log alone. */
export function answerFault(
  { log, bodyMaxBytes }: FaultSettings,
  dialect: Pick<Dialect, 'refused' | 'broken'>,
  fault: unknown,
  request: FastifyRequest,
): Answer {
  const refusal = refusalOf(fault, bodyMaxBytes);
  if (refusal !== undefined) {
    return dialect.refused(refusal);
  }
  logBroken(log, fault, request);
  return dialect.broken();
}

/** The same for a page. */
export function pageOfFault(log: Logger, fault: unknown, request: FastifyRequest): Page {
  const refusal = refusalOf(fault, 0);
  if (refusal?.refused === 'records_unavailable' || refusal?.refused === 'gate_unavailable') {
    return refusedPage(refusal);
  }
  if (refusal !== undefined) {
    return brokenPage(400);
  }
  logBroken(log, fault, request);
  return brokenPage(500);
}

/** By the pattern of its route, never by its URL: that may hold what is not to be logged. */
function logBroken(log: Logger, fault: unknown, { method, routeOptions }: FastifyRequest): void {
  log.error({ err: fault, method, route: routeOptions.url }, 'broken');
}

function refusalOf(fault: unknown, bodyMaxBytes: number): Refusal | undefined {
  if (fault instanceof BodyRefused) {
    return fault.refusal;
  }
  const status =
    fault instanceof Error && 'statusCode' in fault ? Number(fault.statusCode) : undefined;
  if (status === 413) {
    return refuse('body_too_large', { limitBytes: bodyMaxBytes });
  }
  if (status === 415) {
    const complaint = 'it is not a media type';
    return refuse('parameter_invalid', { parameter: 'Content-Type', complaint });
  }
  return status !== undefined && status >= 400 && status < 500
    ? refuse('request_unreadable')
    : refusalFrom(fault);
}
