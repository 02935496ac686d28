// How refusals are put into words for those who are asked about them.

import type { Subject } from '../../core/ceilings/subject.ts';
import { subjectWords } from '../../core/ceilings/subject.ts';
import type { CeilingHit } from '../../core/gateway/gate.ts';
import type { RefusalCode } from '../../core/refusals.ts';
import { code, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { budgetName, count, limitName, roughDollars } from './ceilings-words.ts';

/** What happened, in a few words; codes that stand for themselves are not listed. */
const REASONS: Readonly<Partial<Record<RefusalCode, string>>> = {
  credits_exhausted: 'too few credits',
  budget_exceeded: 'a budget was used up',
  request_limit_reached: 'too many requests a minute',
  usage_token_limit_reached: 'too many tokens a minute',
  parallel_limit_reached: 'too many calls at once',
  call_exceeds_limit: 'a single call that is larger than a whole limit',
  model_not_allowed: 'a model that the team may not use',
  model_unknown: 'a model that is not served here',
  dialect_not_served: 'a model called at the wrong path of the API',
  team_suspended: 'the team was suspended',
  team_paused: 'the team was paused',
  team_archived: 'the team was archived',
  organization_suspended: 'the organization was suspended',
  organization_paused: 'the organization was paused',
  organization_archived: 'the organization was archived',
  key_revoked: 'a revoked key',
  key_blocked: 'a blocked key',
  key_expired: 'an expired key',
  key_unknown: 'an unknown key',
  end_user_blocked: 'a blocked end user',
  address_not_allowed: 'a key used from an address that is not allowed',
  endpoint_not_allowed: 'a part of the API that the key may not use',
  body_not_json: 'a request that was not valid JSON',
  parameter_invalid: 'a parameter that is not accepted',
  cost_unbounded: 'a call whose cost could not be bounded in advance',
  job_not_open: 'a job that had ended already',
  gate_unavailable: 'credits and limits could not be checked for a moment',
  upstream_busy: 'the provider was busy',
  upstream_failed: 'the provider failed',
  upstream_timeout: 'the provider was too slow',
  upstream_refused: 'the provider did not accept the request',
};

/** `too few credits` */
export function reasonWords(reason: RefusalCode): string {
  return REASONS[reason] ?? reason.replaceAll('_', ' ');
}

/** Letters of an id that tell keys apart; the rest is noise. */
const ID_SHOWN = 8;
const NAME_SHOWN = 60;

/** `team acme-prod`, `key 4f1c22aa…`: whose ceiling it is. */
export function subjectText(subject: Subject): Mrkdwn {
  return subject.kind === 'key'
    ? mrkdwn`key ${code(`${subject.keyId.slice(0, ID_SHOWN)}…`)}`
    : mrkdwn`${shortened(subjectWords(subject), NAME_SHOWN)}`;
}

/** `Requests a minute`, `Monthly budget for gpt-4o`: which ceiling, by the gate's name of it. */
export function meterText(meter: string): Mrkdwn {
  const [kind = '', encodedModel] = meter.split('@');
  const model = encodedModel === undefined ? null : decodeURIComponent(encodedModel);
  if (kind.startsWith('budget-')) {
    const duration = kind.slice('budget-'.length);
    return budgetName({ duration: duration === 'ever' ? null : duration, model });
  }
  return kind === 'requests' || kind === 'usage_tokens' || kind === 'parallel'
    ? limitName({ kind, model })
    : mrkdwn`${meter}`;
}

/** `58 of 60 was in use, and this call wanted 5 more`, in the meter's own unit. */
export function comparedText({ meter, used, max, wanted }: CeilingHit): Mrkdwn {
  const amount = (number: number) =>
    meter.startsWith('budget-') ? roughDollars(BigInt(number)) : count(number);
  return mrkdwn`*${amount(used)}* of ${amount(max)} was in use, and this call wanted ${amount(wanted)} more`;
}
