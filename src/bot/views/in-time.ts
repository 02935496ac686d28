// A form wants its answer within 3 s, and only the answer can put complaints beside fields. So the work
// is done first; where that takes too long, the form is told to wait and is changed when it is done.

import type { ModalView } from '@slack/types';
import { setTimeout as pause } from 'node:timers/promises';
import { SECOND_MS } from '../../core/time.ts';
import type { Submission } from '../calls.ts';
import type { Call } from '../call.ts';
import { sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { mrkdwn } from '../escape.ts';
import { faultSpeech } from '../faults.ts';
import { answering } from '../replies.ts';
import { noticeView, waitingView } from './notice.ts';
import { sentAgainView } from './sent-again.ts';

/** What became of a submission. */
export type Submitted =
  /** It is done: the form closes, and after that the rest is said. */
  | { readonly kind: 'done'; readonly after?: () => Promise<void> }
  /** Complaints by field; `view` shows the same where it is too late for them. */
  | {
      readonly kind: 'errors';
      readonly errors: Readonly<Record<string, string>>;
      readonly view: ModalView;
    }
  | { readonly kind: 'view'; readonly view: ModalView }
  | { readonly kind: 'said'; readonly speech: Speech };

/** Slack waits 3 s; half a second is for the way. */
const ANSWER_WITHIN_MS = 2.5 * SECOND_MS;

/** Answers a form with what its work came to. Faults are told in the form. */
export async function answerForm(
  call: Call,
  { ack, body }: Pick<Submission, 'ack' | 'body'>,
  title: string,
  work: () => Promise<Submitted>,
): Promise<void> {
  const submitted = await call.bot.underWay.during(call, async () =>
    answerInTime(call, { ack, body }, title, work),
  );
  await finish(call, submitted);
}

async function answerInTime(
  call: Call,
  { ack, body }: Pick<Submission, 'ack' | 'body'>,
  title: string,
  work: () => Promise<Submitted>,
): Promise<Submitted> {
  const { bot } = call;
  const working = work().catch((error: unknown) => brokenOff(call, body.view, error));
  const stopwatch = new AbortController();
  const late = pause(ANSWER_WITHIN_MS, undefined, { signal: stopwatch.signal }).catch(
    () => undefined,
  );
  const early = await Promise.race([working, late]);
  stopwatch.abort();
  if (early !== undefined) {
    await acknowledge(ack, title, early);
    return early;
  }
  await ack({
    response_action: 'update',
    view: waitingView(
      title,
      mrkdwn`Working on it …`,
      mrkdwn`If this stands here for more than a minute, I was restarted meanwhile: then I tell you in a message whether it was done.`,
    ),
  });
  const submitted = await working;
  const view = lateView(title, submitted);
  // What was done is done and must be told, also to who has closed the form in the meantime.
  await bot.client.views
    .update({ view_id: body.view.id, view })
    .catch((error: unknown) => bot.log.info({ err: error }, 'A form was closed before its answer'));
  return submitted;
}

/** A form whose fate is not known stays, to be sent once more: it has the same name then. */
function brokenOff(call: Call, view: Submission['view'], error: unknown): Submitted {
  const speech = faultSpeech(call.bot, error, call);
  return call.written() === 'perhaps'
    ? { kind: 'view', view: sentAgainView(view, speech) }
    : { kind: 'said', speech };
}

async function finish(call: Call, submitted: Submitted): Promise<void> {
  if (submitted.kind === 'done') {
    await answering(call, async () => submitted.after?.());
  }
}

async function acknowledge(
  ack: Submission['ack'],
  title: string,
  submitted: Submitted,
): Promise<void> {
  switch (submitted.kind) {
    case 'done':
      await ack();
      return;
    case 'errors':
      await ack({ response_action: 'errors', errors: { ...submitted.errors } });
      return;
    case 'view':
      await ack({ response_action: 'update', view: submitted.view });
      return;
    case 'said':
      await ack({ response_action: 'update', view: noticeView(title, submitted.speech) });
  }
}

function lateView(title: string, submitted: Submitted): ModalView {
  switch (submitted.kind) {
    case 'done':
      return noticeView(title, sentence(mrkdwn`✅ Done. You may close this.`));
    case 'said':
      return noticeView(title, submitted.speech);
    case 'errors':
    case 'view':
      return submitted.view;
  }
}
