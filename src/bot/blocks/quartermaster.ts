import { code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Standing } from '../standing.ts';
import { needsLook, workerSections } from './worker.ts';
import { actions, context, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';

/** Where to begin. */
export function helpSpeech(): Speech {
  const lines: readonly [command: string, says: string, example: string][] = [
    [
      '/team',
      'teams: create, fund, bound, suspend, keys, models, people',
      '/team create acme-prod',
    ],
    ['/org', 'customers: what their teams may do together', '/org show acme'],
    ['/credits', 'who is low on credits', '/credits'],
    ['/usage', 'what was used, by model, key or user', '/usage acme-prod 7d'],
    ['/models', 'what is served, to whom, at what price', '/models'],
    ['/approvals', 'what waits for a second pair of eyes', '/approvals'],
    ['/audit', 'who did what, when and why', '/audit search acme-prod'],
    ['/quartermaster', 'how things stand, settings, plans, who you are', '/quartermaster status'],
  ];
  return speech(mrkdwn`What Quartermaster can do`, [
    header('Quartermaster'),
    ...lines.map(([command, says, example]) =>
      section(
        mrkdwn`*${command}*  ·  ${says}\n${code(example)}`,
        runButton('More', `${command} help`),
      ),
    ),
    context(
      mrkdwn`Each command explains itself: ${code('/team topup help')}, ${code('/team help topup')} or ${code('/team topup ?')}.`,
    ),
  ]);
}

/** Whether what the product stands on can be reached from here; with every task of the worker, if asked. */
export function statusSpeech(standing: Standing, isWhole: boolean): Speech {
  const { recordsMs, gateMs, slackMs, organizations, tasks } = standing;
  const parts = [recordsMs, gateMs, slackMs];
  const away = parts.filter((ms) => ms === undefined).length;
  const isTroubled = tasks !== undefined && needsLook(tasks);
  const well = isTroubled
    ? mrkdwn`🟠 Everything answers, but the worker needs a look.`
    : mrkdwn`🟢 Everything answers.`;
  const said = away === 0 ? well : mrkdwn`🔴 ${away} of 3 do not answer.`;
  return speech(said, [
    section(said),
    section(
      mrkdwn`${answerLine('Database', recordsMs, 'changes are refused until it is back; calls go on')}\n${answerLine('Gate', gateMs, 'no call is let through until it is back')}\n${answerLine('Slack', slackMs, 'messages wait')}`,
    ),
    ...(tasks === undefined ? [] : workerSections(tasks, isWhole)),
    ...(organizations === undefined
      ? []
      : [
          context(
            mrkdwn`${organizations} ${organizations === 1 ? 'organization' : 'organizations'}`,
          ),
        ]),
    actions(
      runButton('Look again', '/quartermaster status'),
      ...(isWhole || tasks === undefined
        ? []
        : [runButton('All tasks', '/quartermaster status --all')]),
    ),
  ]);
}

function answerLine(name: string, ms: number | undefined, effect: string): Mrkdwn {
  return ms === undefined
    ? mrkdwn`🔴 *${name}* can't be reached: ${effect}`
    : mrkdwn`🟢 *${name}* answered in ${ms} ms`;
}
