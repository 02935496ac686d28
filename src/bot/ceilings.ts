// Looking at limits and budgets, and changing them: the same for every subject.

import type { CeilingChange } from '../core/ceilings/change.ts';
import { readCeilings } from '../core/ceilings/read-ceilings.ts';
import type { CeilingsReading } from '../core/ceilings/read-ceilings.ts';
import { isRepeated } from '../core/change.ts';
import { endFromText } from '../core/end-text.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import { DEFAULT_TIME_ZONE } from '../core/time-zone.ts';
import { actOrAsk } from './approvals/ask.ts';
import { context, sentence } from './blocks/kit.ts';
import { ceilingsCard } from './blocks/ceilings.ts';
import type { CeilingTopic } from './blocks/ceilings.ts';
import { doneLines } from './blocks/ceilings-done.ts';
import type { Call } from './call.ts';
import type { Place } from './ceiling-places.ts';
import { isMisfit } from './ceiling-wishes.ts';
import type { Misfit, Present } from './ceiling-wishes.ts';
import { mrkdwn } from './escape.ts';
import { refusalSpeech } from './replies.ts';

export interface CeilingWish {
  readonly topic: CeilingTopic;
  /** Whether anything is to change; else the person only looks. */
  readonly isChange: boolean;
  /** The end of a boost, as it was typed. */
  readonly until: string | undefined;
  /** What the words amount to, with what is set at present. */
  readonly changes: (present: Present) => CeilingChange[] | Misfit;
}

/** Shows what bounds the subject; changes it before, once for this call, if that was asked and they may. */
export async function showOrChange(call: Call, place: Place, wish: CeilingWish): Promise<void> {
  const { stores, roles } = call.bot;
  const complaint = wish.isChange ? await roles.complaint(call.userId, 'manager') : undefined;
  if (complaint !== undefined) {
    await call.reply(complaint);
    return;
  }
  const reading = await readCeilings(stores, place.subject);
  if (isRefusal(reading)) {
    await call.reply(refusalSpeech(reading));
    return;
  }
  if (wish.isChange) {
    await change(call, place, wish, reading);
  } else {
    await call.reply(ceilingsCard(wish.topic, { place, reading, done: [] }));
  }
}

async function change(
  call: Call,
  place: Place,
  wish: CeilingWish,
  before: CeilingsReading,
): Promise<void> {
  const { stores } = call.bot;
  const changes = await changesOf(call, wish, before);
  if (isMisfit(changes)) {
    const said = mrkdwn`*${changes.argument}*: ${changes.complaint}`;
    const refusal = refuse('value_invalid', {
      field: changes.argument,
      complaint: changes.complaint,
    });
    await call.reply({ ...sentence(said, context(mrkdwn`Nothing was changed.`)), refusal });
    return;
  }
  const done = await actOrAsk(call, {
    kind: wish.topic === 'budget' ? 'budget' : 'limit',
    subject: place.subject,
    changes,
    reason: `Typed as ${call.text}`,
    reference: `slack:${call.onceId}`,
  });
  if (isRepeated(done)) {
    return;
  }
  if (isRefusal(done)) {
    await call.reply(refusalSpeech(done));
    return;
  }
  const reading = await readCeilings(stores, place.subject);
  await call.reply(
    isRefusal(reading)
      ? refusalSpeech(reading)
      : ceilingsCard(wish.topic, {
          place,
          reading,
          done: done.ceilings === undefined ? [] : doneLines(done.ceilings),
        }),
  );
}

async function changesOf(
  call: Call,
  wish: CeilingWish,
  { organizationId, limits, budgets, nowMs }: CeilingsReading,
): Promise<CeilingChange[] | Misfit> {
  const ceilings = {
    limits: limits.map(({ limit }) => limit),
    budgets: budgets.map(({ budget }) => budget),
  };
  if (wish.until === undefined) {
    return wish.changes({ ceilings, untilMs: undefined });
  }
  const organization = await call.bot.stores.records.organizations.find(organizationId);
  const timeZone = organization?.timeZone ?? DEFAULT_TIME_ZONE;
  const end = endFromText(wish.until, nowMs, timeZone);
  return 'complaint' in end
    ? { argument: 'until', complaint: end.complaint }
    : wish.changes({ ceilings, untilMs: end.atMs });
}
