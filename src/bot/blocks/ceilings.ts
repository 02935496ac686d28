import type { Button, KnownBlock } from '@slack/types';
import type {
  BudgetReading,
  CeilingsReading,
  LimitReading,
} from '../../core/ceilings/read-ceilings.ts';
import type { MeterReading } from '../../core/gateway/gate.ts';
import { SECOND_MS } from '../../core/time.ts';
import type { Place } from '../ceiling-places.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import {
  budgetName,
  count,
  dollars,
  limitArgument,
  limitName,
  roughDollars,
} from './ceilings-words.ts';
import { actions, context, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { bar, moment, percentOf, until } from './words.ts';

/** What a message is about; each has a command of its name. */
export type CeilingTopic = 'limits' | 'budget';

/** From here on a boost is the next likely step. */
const NEARLY_USED_PERCENT = 80;

/** More than one command can change. */
const DONE_SHOWN = 10;

interface CardFacts {
  readonly place: Place;
  readonly reading: CeilingsReading;
  /** What was just done, as sentences; empty where a person only looks. */
  readonly done: readonly Mrkdwn[];
}

/** Each ceiling of a subject with what is in use of it right now, and the next likely steps. */
export function ceilingsCard(topic: CeilingTopic, facts: CardFacts): Speech {
  const { place, reading, done } = facts;
  const title = `${topic === 'limits' ? 'Limits' : 'Budgets'} of ${place.title}`;
  const sections = topic === 'limits' ? limitSections(facts) : budgetSections(facts);
  const blocks: KnownBlock[] = [
    ...(done.length === 0 ? [] : [section(doneText(done))]),
    header(title),
    ...(sections.length === 0 ? [nothingSet(topic, place)] : sections),
    ...(reading.isGateAway ? [gateAway()] : []),
    actions(...nextSteps(topic, place)),
  ];
  return speech(done[0] ?? mrkdwn`${title}`, blocks);
}

function doneText(done: readonly Mrkdwn[]): Mrkdwn {
  const { shown, more } = firstOf(done, DONE_SHOWN);
  return joined([...shown, ...(more === undefined ? [] : [mrkdwn`_${more}_`])], '\n');
}

function limitSections({ place, reading }: CardFacts): KnownBlock[] {
  return reading.limits.map((each) => {
    const { limit, now } = each;
    const max = BigInt(now?.max ?? limit.max);
    const used = BigInt(now?.used ?? 0);
    const notes = [
      ...freeNote(each, reading.nowMs),
      ...boostNote(limit.boost, (boost) => `${count(limit.max)} + ${count(boost.by)}`, reading),
      ...shadowNote(limit.shadow, now),
    ];
    const lines = [
      mrkdwn`*${limitName(limit)}*`,
      mrkdwn`${bar(used, max)}  ${limitUse(each, max)}`,
      ...notes,
    ];
    const which = ` of=${limitArgument(limit.kind)}${modelWord(limit.model)}`;
    return section(
      joined(lines, '\n'),
      stepOf('limits', place, which, { ...each, ...limit, used, max, nowMs: reading.nowMs }),
    );
  });
}

function limitUse({ limit, now }: LimitReading, max: bigint): Mrkdwn {
  if (now === undefined) {
    return mrkdwn`at most *${count(Number(max))}*`;
  }
  const use = mrkdwn`*${count(now.used)}* of ${count(Number(max))}`;
  return limit.kind === 'parallel' ? mrkdwn`${use} under way` : mrkdwn`${use} in the last 60 s`;
}

function freeNote({ limit, now }: LimitReading, nowMs: number): Mrkdwn[] {
  const seconds = Math.ceil(((now?.resetsAt?.getTime() ?? nowMs) - nowMs) / SECOND_MS);
  return limit.kind === 'parallel' || seconds <= 0
    ? []
    : [mrkdwn`All of it is free again in ${seconds} s`];
}

function budgetSections({ place, reading }: CardFacts): KnownBlock[] {
  return reading.budgets.map((each) => {
    const { budget, now } = each;
    const max = BigInt(now?.max ?? budget.maxNanoUsd);
    const used = BigInt(now?.used ?? 0) + BigInt(now?.held ?? 0);
    const notes = [
      ...budgetNotes(each, reading.nowMs),
      ...boostNote(
        budget.boost,
        (boost) => `${dollars(budget.maxNanoUsd)} + ${dollars(boost.byNanoUsd)}`,
        reading,
      ),
      ...shadowNote(budget.shadow, now),
    ];
    const lines = [
      mrkdwn`*${budgetName(budget)}*`,
      mrkdwn`${bar(used, max)}  ${budgetUse(each, used, max)}`,
      ...notes,
    ];
    const which = ` every=${budget.duration ?? 'ever'}${modelWord(budget.model)}`;
    return section(
      joined(lines, '\n'),
      stepOf('budget', place, which, { ...each, ...budget, used, max, nowMs: reading.nowMs }),
    );
  });
}

function budgetUse({ now }: BudgetReading, used: bigint, max: bigint): Mrkdwn {
  if (now === undefined) {
    return mrkdwn`at most *${dollars(max)}*`;
  }
  const percent = percentOf(used, max);
  const part = percent === undefined ? '' : ` (${percent} %)`;
  return mrkdwn`*${roughDollars(used)}* of ${dollars(max)}${part}`;
}

function budgetNotes({ budget, now }: BudgetReading, nowMs: number): Mrkdwn[] {
  const { softNanoUsd } = budget;
  const held = BigInt(now?.held ?? 0);
  const isSoftReached = softNanoUsd !== null && BigInt(now?.used ?? 0) >= softNanoUsd;
  return [
    ...(held === 0n ? [] : [mrkdwn`${roughDollars(held)} of that is held by calls under way`]),
    ...(now?.resetsAt === undefined
      ? []
      : [mrkdwn`Starts over ${moment(now.resetsAt)} (${until(now.resetsAt, nowMs)})`]),
    ...(softNanoUsd === null
      ? []
      : [
          mrkdwn`${isSoftReached ? '⚠️ Passed the soft budget of' : 'Soft at'} ${dollars(softNanoUsd)}`,
        ]),
  ];
}

function boostNote<Boost extends { readonly untilMs: number }>(
  boost: Boost | null,
  words: (boost: Boost) => string,
  { nowMs }: CeilingsReading,
): Mrkdwn[] {
  if (boost === null || boost.untilMs <= nowMs) {
    return [];
  }
  const end = new Date(boost.untilMs);
  return [mrkdwn`🚀 Boosted: ${words(boost)} until ${moment(end)} (${until(end, nowMs)})`];
}

function shadowNote(shadow: boolean, now: MeterReading | undefined): Mrkdwn[] {
  const missed = now?.missed ?? 0;
  const times =
    missed === 0
      ? 'so far it would have refused none'
      : `it would have refused *${count(missed)}* call${missed === 1 ? '' : 's'}`;
  return shadow ? [mrkdwn`👀 In shadow: refuses nothing; ${{ mrkdwn: times }}`] : [];
}

interface Stepping {
  readonly shadow: boolean;
  readonly boost: { readonly untilMs: number } | null;
  readonly used: bigint;
  readonly max: bigint;
  readonly nowMs: number;
}

/** What one would probably do next about this ceiling, if anything. */
function stepOf(
  topic: CeilingTopic,
  place: Place,
  which: string,
  ceiling: Stepping,
): Button | undefined {
  const base = `${place.command} ${topic} ${place.words}${which}`;
  if (ceiling.shadow) {
    return runButton('Enforce', `${base} shadow=no`, { style: 'primary' });
  }
  if (ceiling.boost !== null && ceiling.boost.untilMs > ceiling.nowMs) {
    return runButton('End the boost', `${base} boost=off`);
  }
  const percent = percentOf(ceiling.used, ceiling.max) ?? 0;
  return percent >= NEARLY_USED_PERCENT
    ? runButton('+50 % for a day', `${base} boost=50% until=1d`)
    : undefined;
}

function modelWord(model: string | null): string {
  return model === null ? '' : ` model=${model}`;
}

function nothingSet(topic: CeilingTopic, { command, words }: Place): KnownBlock {
  const example =
    topic === 'limits' ? 'requests=100 tokens=20k parallel=5' : 'max=$500 every=30d soft=$400';
  return section(
    mrkdwn`None are set. Set some like this:\n${code(`${command} ${topic} ${words} ${example}`)}`,
  );
}

function gateAway(): KnownBlock {
  return context(
    mrkdwn`⚠️ The gate can't be asked at the moment, so it is not known what is in use.`,
  );
}

function nextSteps(topic: CeilingTopic, { command, words }: Place): Button[] {
  const [id = ''] = words.split(' ');
  const other = topic === 'limits' ? 'budget' : 'limits';
  return [
    runButton('Look again', `${command} ${topic} ${words}`),
    runButton(other === 'budget' ? 'Budgets' : 'Limits', `${command} ${other} ${words}`),
    runButton(command === '/team' ? 'Show team' : 'Show organization', `${command} show ${id}`),
    runButton('How to change', `${command} help ${topic}`),
  ];
}
