import { SUSPENDED_STAGE } from '../../core/alerts/low-credit.ts';
import type { AlertKind, AlertStep } from '../../core/alerts/episode.ts';
import { joined, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { sentence } from './kit.ts';
import type { Speech } from './kit.ts';
import { moment, person, roundedCredits } from './words.ts';

export interface StepReading {
  readonly kind: AlertKind;
  /** Mentioned where it got worse, unless somebody sees to it. */
  readonly owner: string | null;
}

/** The history of an episode, a line for each step. */
export function stepsSpeech(steps: readonly AlertStep[], reading: StepReading): Speech {
  return sentence(
    joined(
      steps.map((step) => stepText(step, reading)),
      '\n',
    ),
  );
}

function stepText(step: AlertStep, { kind, owner }: StepReading): Mrkdwn {
  const when = moment(new Date(step.at));
  const who = step.actor === null ? mrkdwn`somebody` : person(step.actor);
  const call = owner === null ? mrkdwn`` : mrkdwn` ${mention(owner)}`;
  switch (step.what) {
    case 'stage':
      return mrkdwn`${step.severity === 'critical' ? '⛔' : '⚠️'} ${stageText(kind, step)}, ${when}${call}`;
    case 'closed':
      return mrkdwn`✅ ${closedText(kind, step)}, ${when}`;
    case 'seen':
      return mrkdwn`👀 ${who} sees to it, ${when}`;
    case 'handed_back':
      return mrkdwn`↩️ ${who} handed it back, ${when}${call}`;
    case 'snoozed':
      return mrkdwn`🔕 ${who} asked for silence until ${when}`;
    case 'woken':
      return mrkdwn`🔔 ${who} ended the silence, ${when}${call}`;
    case 'reminder':
      return mrkdwn`🔔 The silence is over, and it still lasts${stillText(kind, step)}${call}`;
  }
}

/** Where it stands, where that says more than that it lasts. */
function stillText(kind: AlertKind, step: AlertStep): Mrkdwn {
  return kind === 'low_credit' || kind === 'budget' ? mrkdwn`: ${stageText(kind, step)}` : mrkdwn``;
}

function stageText(kind: AlertKind, step: AlertStep): Mrkdwn {
  const { stage } = step;
  switch (kind) {
    case 'low_credit':
      return creditText(step);
    case 'budget':
      return stage === 0
        ? mrkdwn`The soft amount is spent`
        : mrkdwn`${stage} % of the budget are spent`;
    case 'grant_expiring':
      return mrkdwn`They expire within ${stage === 1 ? 'a day' : `${stage} days`}`;
    case 'key_expiring':
      return mrkdwn`The key ends within ${stage === 1 ? 'a day' : `${stage} days`}`;
    case 'error_spike':
      return stage >= 100 ? mrkdwn`All calls fail` : mrkdwn`${stage} % of the calls fail`;
    case 'running_out':
    case 'unusual_usage':
    case 'refill_failed':
      return mrkdwn`It got on`;
  }
}

function creditText({ stage, from = Infinity, facts }: AlertStep): Mrkdwn {
  const left = balanceText(facts['spendableMicrocredits']);
  if (stage === SUSPENDED_STAGE) {
    return mrkdwn`Suspended, because no credits are left`;
  }
  if (stage === 0) {
    return from < 0 ? mrkdwn`Resumed, and no credits are left` : mrkdwn`No credits are left`;
  }
  return from <= 0
    ? mrkdwn`${from < 0 ? 'Resumed, and still' : 'Still'} at ${stage} % or less${left}`
    : mrkdwn`Fell to ${stage} %${left}`;
}

function closedText(kind: AlertKind, { facts }: AlertStep): Mrkdwn {
  switch (kind) {
    case 'low_credit':
      return mrkdwn`Topped up${balanceText(facts['spendableMicrocredits'])}`;
    case 'grant_expiring':
      return facts['end'] === 'expired'
        ? mrkdwn`They have expired`
        : mrkdwn`They were used in time`;
    default:
      return mrkdwn`It is over`;
  }
}

function balanceText(microcredits: string | number | null | undefined): Mrkdwn {
  return microcredits === null || microcredits === undefined
    ? mrkdwn``
    : mrkdwn`: ${roundedCredits(BigInt(microcredits))}`;
}
