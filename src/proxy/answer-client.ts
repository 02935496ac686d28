import type { ServerResponse } from 'node:http';
import type { AdmittedCall } from '../core/gateway/admission.ts';
import type { Settled } from '../core/gateway/gate.ts';
import { subjectText } from '../core/ceilings/subject.ts';
import { creditsInDigits } from '../core/money.ts';
import { refuse } from '../core/refusals.ts';
import type { CallBody } from './call-body.ts';
import type { Attempt } from './exchange.ts';
import { rateHeaders } from './rate-headers.ts';
import { CALL_HEADER, OPENAI_WORDS } from './refusals.ts';
import type { Words } from './refusals.ts';
import type { EndedCall } from './run-call.ts';
import { refusalOfUpstream } from './upstream-refusals.ts';

/** Sends what waits until the call is settled: the plain answer, or the end of the stream. */
export function answerClient(
  upstreamTimeoutMs: number,
  { call, body, result, settled }: EndedCall,
  res: ServerResponse,
  words: Words,
): void {
  switch (result.kind) {
    case 'answered':
      res.writeHead(result.status, {
        'content-type': 'application/json',
        'content-length': result.body.length,
        ...callHeaders(call, body),
        ...settledHeaders(settled),
      });
      res.end(result.body);
      return;
    case 'streamed':
      endStream(result, body.model, res, words);
      return;
    case 'left':
      res.destroy();
      return;
    case 'failed':
      words.refuse(res, refusalOfUpstream(result, body.model, upstreamTimeoutMs), {
        [CALL_HEADER]: call.reservationId,
      });
  }
}

/** A broken stream is cut, so that no client takes it for a whole one; an error is told as an event. */
export function endStream(
  { relay, end }: Extract<Attempt, { kind: 'streamed' }>,
  model: string,
  res: ServerResponse,
  words = OPENAI_WORDS,
): void {
  if (end !== 'complete') {
    res.destroy();
  } else if (relay.isWhole()) {
    relay.finish();
  } else {
    relay.fail(words.errorEvent(refuse('upstream_failed', { model })));
  }
}

/** What the headers tell of a call before it is settled. */
export function callHeaders(call: AdmittedCall, body: CallBody): Record<string, string> {
  return {
    [CALL_HEADER]: call.reservationId,
    'x-quartermaster-credits-reserved': creditsInDigits(call.reservedMicrocredits),
    ...(isShortened(call, body) ? { 'x-quartermaster-output-cap': String(call.outputCap) } : {}),
    ...(call.jobId === undefined ? {} : { 'x-quartermaster-job': call.jobId }),
    ...rateHeaders(call.ratesLeft),
    ...(call.shadowed.length === 0 ? {} : { 'x-quartermaster-shadowed': shadowText(call) }),
    ...(body.stream
      ? { 'x-quartermaster-credits-left': creditsInDigits(call.spendableMicrocredits) }
      : {}),
  };
}

/** Which ceilings in shadow would have refused the call. */
function shadowText({ shadowed }: AdmittedCall): string {
  return shadowed.map(({ subject, meter }) => `${subjectText(subject)} ${meter}`).join(', ');
}

/** What the headers of a plain answer tell of its settlement. */
export function settledHeaders(settled: Settled | undefined): Record<string, string> {
  return settled === undefined
    ? {}
    : {
        'x-quartermaster-credits-charged': creditsInDigits(settled.chargedMicrocredits),
        'x-quartermaster-credits-left': creditsInDigits(settled.spendableMicrocredits),
      };
}

/** Whether the balance, or the model, allows less than the client asked for. */
function isShortened(call: AdmittedCall, body: CallBody): boolean {
  return call.isCapBinding && body.endpoint !== 'embedding' && call.outputCap !== body.outputCap;
}
