// Plans of limits and budgets, and what is said when one changes.

import type { CeilingsReading } from '../../core/ceilings/read-ceilings.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import type { CeilingPlan } from '../../core/plans/plan.ts';
import type { Place } from '../ceiling-places.ts';
import { quoted } from '../commands/words.ts';
import { code, joined, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { cancelButton } from './cancel-button.ts';
import { budgetName, count, dollars, limitName } from './ceilings-words.ts';
import { formButton } from './form-button.ts';
import type { Page } from '../paging.ts';
import { pageButtons } from './page-buttons.ts';
import { actions, context, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { moment, person } from './words.ts';

/** As many as are looked over at once. */
export const PLANS_SHOWN = 20;

/** A page of plans, each with what it gives. */
export function plansSpeech(page: Page<CeilingPlan>): Speech {
  const { rows: shown } = page;
  const show = ({ id }: CeilingPlan) => runButton('Show', `/quartermaster plan ${quoted(id)}`);
  return speech(mrkdwn`Plans: ${shown.length}`, [
    header('Plans'),
    ...shown.map((plan) => section(mrkdwn`*${plan.id}*\n${boundsText(plan.ceilings)}`, show(plan))),
    ...(shown.length === 0 ? [section(mrkdwn`None yet.`)] : []),
    ...pageButtons(page, 'name'),
    actions(formButton('New plan', '/quartermaster plan new')),
  ]);
}

export function planCard(
  { id, ceilings, updatedBy, updatedAt }: CeilingPlan,
  followers: number,
  done?: 'made' | 'changed',
): Speech {
  const said =
    done === undefined
      ? mrkdwn`Plan ${code(id)}`
      : done === 'made'
        ? mrkdwn`✅ Plan ${code(id)} is made.`
        : mrkdwn`✅ Plan ${code(id)} is changed, for all who follow it, from their next call on.`;
  return speech(said, [
    ...(done === undefined ? [] : [section(said)]),
    header(`Plan ${id}`),
    section(boundsText(ceilings)),
    context(
      mrkdwn`${followersText(followers)}  ·  changed by ${person(updatedBy)}, ${moment(updatedAt)}`,
    ),
    actions(
      formButton('Change …', `/quartermaster plan edit ${quoted(id)}`),
      runButton('Who follows it …', `/quartermaster plan follow ${quoted(id)}`),
      runButton('Delete …', `/quartermaster plan delete ${quoted(id)}`),
    ),
  ]);
}

function followersText(followers: number): string {
  return followers === 0
    ? 'Nobody follows it'
    : `${followers.toLocaleString('en')} ${followers === 1 ? 'follows' : 'follow'} it`;
}

function boundsText({ limits, budgets }: Ceilings): Mrkdwn {
  const only = ({ shadow }: { readonly shadow: boolean }) => (shadow ? ' (only watched)' : '');
  const lines = [
    ...limits.map((limit) => mrkdwn`${limitName(limit)}: *${count(limit.max)}*${only(limit)}`),
    ...budgets.map(
      (budget) => mrkdwn`${budgetName(budget)}: *${dollars(budget.maxNanoUsd)}*${only(budget)}`,
    ),
  ];
  return lines.length === 0 ? mrkdwn`no limit and no budget` : joined(lines, '\n');
}

export function planQuestion(
  { id, ceilings }: CeilingPlan,
  followers: number,
  once: string,
): Speech {
  const command = `/quartermaster plan delete ${quoted(id)} sure=yes`;
  return sentence(
    mrkdwn`Delete the plan ${code(id)}? ${followersText(followers)}${followers === 0 ? '. It gives:' : ', and would lose what it gives:'}\n${boundsText(ceilings)}`,
    actions(runButton('Delete', command, { once, style: 'danger' }), cancelButton()),
  );
}

export function planGoneSpeech(id: string): Speech {
  return sentence(
    mrkdwn`✅ Plan ${code(id)} is deleted, and what it gave is taken from all who followed it.`,
    actions(runButton('Plans', '/quartermaster plan')),
  );
}

export function followedSpeech(
  { title, command, words }: Place,
  planId: string | null,
  { limits, budgets }: CeilingsReading,
): Speech {
  const ceilings = {
    limits: limits.map(({ limit }) => limit),
    budgets: budgets.map(({ budget }) => budget),
  };
  const whoever = `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
  const said =
    planId === null
      ? mrkdwn`✅ ${whoever} follows no plan any more.`
      : mrkdwn`✅ ${whoever} follows the plan ${code(planId)}, from the next call on.`;
  return sentence(
    mrkdwn`${said}\n${boundsText(ceilings)}`,
    actions(
      runButton('Limits', `${command} limits ${words}`),
      runButton('Budgets', `${command} budget ${words}`),
    ),
  );
}
