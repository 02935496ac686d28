import type { Button, KnownBlock } from '@slack/types';
import type {
  BulkAction,
  BulkLine,
  BulkOutcome,
  BulkPlan,
  BulkPreview,
} from '../../core/bulk/bulk-plan.ts';
import { BULK_PLAN_LIFE_MS } from '../../core/bulk/bulk-plan.ts';
import { isUndoable } from '../../core/bulk/undo-bulk.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { cancelButton } from './cancel-button.ts';
import { actions, button, context, firstOf, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { objectIn } from './run-button.ts';
import { statusText } from './team-words.ts';
import { bar, credits, moment, roundedCredits } from './words.ts';

/** What fits a section, with room to spare; all of more stand in a file. */
export const TEAMS_SHOWN = 25;
const NAMES_SHOWN = 200;
/** A section holds these, with the longest id and reason. */
const PROBLEMS_A_SECTION = 10;
/** Beyond these nobody reads on, and Slack takes no longer message. */
const PROBLEMS_SHOWN = 100;
const WHY_SHOWN = 160;

const TITLES: Readonly<Record<BulkAction['kind'], string>> = {
  suspend: 'Suspend',
  pause: 'Pause',
  resume: 'Resume',
  topup: 'Top up',
  allow: 'Widen access of',
  deny: 'Narrow access of',
};
const STATUSES = { suspend: 'suspended', pause: 'paused', resume: 'active' } as const;

function teamsText(count: number): string {
  return count === 1 ? '1 team' : `${count.toLocaleString('en')} teams`;
}

/** What exactly would become of each team, before anything is done. */
export function bulkPreview(preview: BulkPreview, nowMs: number): Speech {
  const { plan, lines, unchanged, needsApproval } = preview;
  const { action } = plan;
  const title = `${TITLES[action.kind]} ${teamsText(lines.length)}?`;
  if (lines.length === 0) {
    const already = unchanged === 0 ? '' : ` ${alreadyText(unchanged)}`;
    return sentence(mrkdwn`No team would change.${already} Nothing was changed.`);
  }
  const { shown, more } = firstOf(lines, TEAMS_SHOWN);
  const texts = shown.map((line) => lineText(line, action));
  const isDanger = action.kind === 'suspend' || action.kind === 'deny';
  const blocks: KnownBlock[] = [
    header(title),
    section(
      joined(
        more === undefined
          ? texts
          : [...texts, mrkdwn`_${more}; all of them stand in a file that I sent you_`],
        '\n',
      ),
    ),
    context(
      ...('reason' in action ? [mrkdwn`Reason: ${action.reason}`] : []),
      ...(action.kind === 'topup' ? [sumText(action.microcredits, lines.length)] : []),
      ...(needsApproval
        ? [mrkdwn`Together this needs a second person: each team waits for one.`]
        : []),
      ...(unchanged === 0 ? [] : [mrkdwn`${alreadyText(unchanged)}`]),
      mrkdwn`Nothing is changed yet. The button works until ${moment(new Date(nowMs + BULK_PLAN_LIFE_MS))}.`,
    ),
    actions(
      button({
        id: 'bulk',
        label: `${TITLES[action.kind]} ${teamsText(lines.length)}`,
        value: JSON.stringify({ plan: plan.id }),
        style: isDanger ? 'danger' : 'primary',
      }),
      cancelButton(),
    ),
  ];
  return speech(mrkdwn`${title}`, blocks);
}

function alreadyText(teams: number): string {
  return teams === 1
    ? '1 team fits and is so already.'
    : `${teamsText(teams)} fit and are so already.`;
}

function sumText(each: bigint, teams: number): Mrkdwn {
  return mrkdwn`${credits(each * BigInt(teams))} in all`;
}

function lineText({ team, balance }: BulkLine, action: BulkAction): Mrkdwn {
  switch (action.kind) {
    case 'suspend':
    case 'pause':
    case 'resume':
      return mrkdwn`${code(team.id)}  ${statusText(team.status)} → ${statusText(STATUSES[action.kind])}`;
    case 'topup':
      return mrkdwn`${code(team.id)}  ${roundedCredits(balance)} → *${roundedCredits(balance + action.microcredits)}*`;
    case 'allow':
      return mrkdwn`${code(team.id)}  + ${namesText(action.names)}`;
    case 'deny':
      return mrkdwn`${code(team.id)}  − ${namesText(action.names)}`;
  }
}

function namesText(names: readonly string[]): string {
  return shortened(names.join(', '), NAMES_SHOWN);
}

/** Which plan a button confirms. */
export function planIdOf(value: string | undefined): string | undefined {
  const plan = objectIn(value)?.['plan'];
  return typeof plan === 'string' ? plan : undefined;
}

/** While it goes on. */
export function bulkProgress(plan: BulkPlan, done: number): Speech {
  const all = plan.teamIds.length;
  return sentence(
    mrkdwn`⏳ ${TITLES[plan.action.kind]} ${teamsText(all)}: ${done} of ${all}\n${bar(BigInt(done), BigInt(all))}`,
  );
}

/** What became of each, one by one where it was not done; and the way back, where there is one. */
export function bulkReport(plan: BulkPlan, outcomes: readonly BulkOutcome[]): Speech {
  const title = `${TITLES[plan.action.kind]} ${teamsText(outcomes.length)}`;
  const value = JSON.stringify({ plan: plan.id });
  const again = button({ id: 'bulk', label: 'Try the rest again', value });
  const undo = button({ id: 'bulk_undo', label: 'Undo', value });
  const wasDone = has(outcomes, 'done') || has(outcomes, 'done_before');
  return report(title, outcomes, [
    ...(has(outcomes, 'failed') ? [again] : []),
    ...(wasDone && isUndoable(plan.action) ? [undo] : []),
  ]);
}

/** What became of each when it was taken back. */
export function bulkUndone(plan: BulkPlan, outcomes: readonly BulkOutcome[]): Speech {
  const title = `Undo “${TITLES[plan.action.kind]} ${teamsText(outcomes.length)}”`;
  const value = JSON.stringify({ plan: plan.id });
  const again = button({ id: 'bulk_undo', label: 'Try the rest again', value });
  return report(title, outcomes, has(outcomes, 'failed') ? [again] : []);
}

function has(outcomes: readonly BulkOutcome[], is: BulkOutcome['is']): boolean {
  return outcomes.some((one) => one.is === is);
}

const COUNTED = {
  done: 'done',
  done_before: 'done before',
  unchanged: 'left as they were',
  waiting: 'waiting for an approval',
} as const;

function report(
  title: string,
  outcomes: readonly BulkOutcome[],
  buttons: readonly Button[],
): Speech {
  const problems = outcomes.filter((one) => one.is === 'refused' || one.is === 'failed');
  const { shown, more } = firstOf(problems, PROBLEMS_SHOWN);
  const counts = Object.entries(COUNTED)
    .map(([is, words]) => [outcomes.filter((one) => one.is === is).length, words] as const)
    .filter(([count, words]) => count > 0 || words === COUNTED.done);
  const parts = [
    ...counts.map(([count, words]) => `${count} ${words}`),
    ...(problems.length === 0 ? [] : [`${problems.length} not done`]),
  ];
  const sign = problems.length === 0 ? '✅' : '⚠️';
  const said = mrkdwn`${sign} ${title}: ${parts.join(', ')}.`;
  const lines = [...shown.map(problemText), ...(more === undefined ? [] : [mrkdwn`_${more}_`])];
  const sections = Array.from({ length: Math.ceil(lines.length / PROBLEMS_A_SECTION) }, (_, at) => {
    const from = at * PROBLEMS_A_SECTION;
    return section(joined(lines.slice(from, from + PROBLEMS_A_SECTION), '\n'));
  });
  return speech(said, [
    section(said),
    ...doneBlocks(outcomes),
    ...sections,
    ...(buttons.length === 0 ? [] : [actions(...buttons)]),
  ]);
}

/** Which teams it was done to: the preview that named them is gone. */
function doneBlocks(outcomes: readonly BulkOutcome[]): KnownBlock[] {
  const done = outcomes.filter((one) => one.is === 'done' || one.is === 'done_before');
  const { shown, more } = firstOf(
    done.map(({ teamId }) => code(teamId)),
    TEAMS_SHOWN,
  );
  return done.length === 0
    ? []
    : [context(joined(more === undefined ? shown : [...shown, mrkdwn`_${more}_`], ' '))];
}

function problemText(problem: BulkOutcome): Mrkdwn {
  return problem.is === 'refused'
    ? mrkdwn`${code(problem.teamId)}: ${shortened(problem.why, WHY_SHOWN)}`
    : mrkdwn`${code(problem.teamId)}: failed on our side; the button below tries it again`;
}
