import type { KnownBlock } from '@slack/types';
import type {
  BulkAction,
  BulkLine,
  BulkOutcome,
  BulkPlan,
  BulkPreview,
} from '../../core/bulk/bulk-plan.ts';
import { BULK_PLAN_LIFE_MS } from '../../core/bulk/bulk-plan.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { cancelButton } from './cancel-button.ts';
import { actions, button, context, firstOf, header, section, sentence, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { objectIn } from './run-button.ts';
import { statusText } from './team-words.ts';
import { bar, credits, moment } from './words.ts';

/** What fits a section, with room to spare. */
const TEAMS_SHOWN = 25;
const NAMES_SHOWN = 200;

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
export function bulkPreview({ plan, lines, unchanged }: BulkPreview, nowMs: number): Speech {
  const { action } = plan;
  const title = `${TITLES[action.kind]} ${teamsText(lines.length)}?`;
  if (lines.length === 0) {
    const already = unchanged === 0 ? '' : ` ${teamsText(unchanged)} fit, and are so already.`;
    return sentence(mrkdwn`No team would change.${already} Nothing was changed.`);
  }
  const { shown, more } = firstOf(lines, TEAMS_SHOWN);
  const texts = shown.map((line) => lineText(line, action));
  const isDanger = action.kind === 'suspend' || action.kind === 'deny';
  const blocks: KnownBlock[] = [
    header(title),
    section(joined(more === undefined ? texts : [...texts, mrkdwn`_${more}_`], '\n')),
    context(
      ...('reason' in action ? [mrkdwn`Reason: ${action.reason}`] : []),
      ...(action.kind === 'topup' ? [sumText(action.microcredits, lines.length)] : []),
      ...(unchanged === 0 ? [] : [mrkdwn`${teamsText(unchanged)} fit, too, and are so already.`]),
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
      return mrkdwn`${code(team.id)}  ${credits(balance)} → *${credits(balance + action.microcredits)}*`;
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

/** What became of each. */
export function bulkReport(plan: BulkPlan, outcomes: readonly BulkOutcome[]): Speech {
  const count = (is: BulkOutcome['is']): number => outcomes.filter((one) => one.is === is).length;
  const problems = outcomes.filter((one) => one.is === 'refused' || one.is === 'failed');
  const { shown, more } = firstOf(problems, TEAMS_SHOWN);
  const lines = shown.map((one) =>
    one.is === 'refused'
      ? mrkdwn`${code(one.teamId)}: ${shortened(one.why, NAMES_SHOWN)}`
      : mrkdwn`${code(one.teamId)}: failed on our side; the button below tries it again`,
  );
  const parts = [
    `${count('done')} done`,
    ...(count('done_before') === 0 ? [] : [`${count('done_before')} done before`]),
    ...(count('unchanged') === 0 ? [] : [`${count('unchanged')} were so already`]),
    ...(count('waiting') === 0 ? [] : [`${count('waiting')} wait for an approval`]),
    ...(problems.length === 0 ? [] : [`${problems.length} not done`]),
  ];
  const sign = problems.length === 0 ? '✅' : '⚠️';
  const said = mrkdwn`${sign} ${TITLES[plan.action.kind]} ${teamsText(outcomes.length)}: ${parts.join(', ')}.`;
  const again = button({
    id: 'bulk',
    label: 'Try the rest again',
    value: JSON.stringify({ plan: plan.id }),
  });
  return speech(said, [
    section(said),
    ...(lines.length === 0
      ? []
      : [section(joined(more === undefined ? lines : [...lines, mrkdwn`_${more}_`], '\n'))]),
    ...(count('failed') === 0 ? [] : [actions(again)]),
  ]);
}
