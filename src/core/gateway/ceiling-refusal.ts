import type { CeilingHit } from './gate.ts';
import { subjectText, subjectWords } from '../ceilings/subject.ts';
import { usdToText } from '../money.ts';
import { refuse } from '../refusals.ts';
import { SECOND_MS } from '../time.ts';
import type { Refusal } from '../refusals.ts';

/** What is told of a ceiling that refused a call. It names whose it is and the very numbers compared. */
export function refusalOfCeiling(hit: CeilingHit, nowMs: number): Refusal {
  const [kind = '', encodedModel] = hit.meter.split('@');
  const model = encodedModel === undefined ? undefined : decodeURIComponent(encodedModel);
  const refusal = kind.startsWith('budget-')
    ? budgetRefusal(hit, kind.slice('budget-'.length), model, nowMs)
    : limitRefusal(hit, kind, model);
  return {
    ...refusal,
    facts: { ...refusal.facts, limitSource: `${subjectText(hit.subject)} ${hit.meter}` },
  };
}

function limitRefusal(hit: CeilingHit, kind: string, model: string | undefined): Refusal {
  const { max, used, wanted, waitSeconds } = hit;
  const subject = subjectWords(hit.subject);
  const ofModel = ofModelText(model);
  if (waitSeconds === undefined) {
    const unit = kind === 'usage_tokens' ? 'tokens a minute' : unitOf(kind);
    return refuse('call_exceeds_limit', { subject, wanted, max, unit, ofModel });
  }
  const facts = { subject, used, max, ofModel, retryAfterSeconds: waitSeconds };
  switch (kind) {
    case 'usage_tokens':
      return refuse('usage_token_limit_reached', { ...facts, wanted });
    case 'parallel':
      return refuse('parallel_limit_reached', facts);
    default:
      return refuse('request_limit_reached', facts);
  }
}

function unitOf(kind: string): string {
  return kind === 'parallel' ? 'calls at once' : 'requests a minute';
}

function budgetRefusal(
  hit: CeilingHit,
  duration: string,
  model: string | undefined,
  nowMs: number,
): Refusal {
  const { max, used, wanted, waitSeconds } = hit;
  const fits = wanted <= max && waitSeconds !== undefined;
  const refusal = refuse('budget_exceeded', {
    subject: subjectWords(hit.subject),
    used: usdToText(BigInt(used)),
    max: usdToText(BigInt(max)),
    wanted: usdToText(BigInt(wanted)),
    period: duration === 'ever' ? 'in all' : `for ${duration}`,
    ofModel: ofModelText(model),
    outlook: fits
      ? `It begins anew at ${boundaryAfter(nowMs, waitSeconds).toISOString()}`
      : 'Send less',
  });
  return fits
    ? { ...refusal, facts: { ...refusal.facts, retryAfterSeconds: waitSeconds } }
    : refusal;
}

/** The wait was rounded up to a second, and periods begin with whole ones. */
function boundaryAfter(nowMs: number, waitSeconds: number): Date {
  return new Date((Math.floor(nowMs / SECOND_MS) + waitSeconds) * SECOND_MS);
}

function ofModelText(model: string | undefined): string {
  return model === undefined ? '' : ` of ${model}`;
}
