import type { AlertEpisode } from '../../core/alerts/episode.ts';
import { ALERT_KINDS } from '../../core/alerts/episode.ts';
import type { AlertPolicy } from '../../core/alerts/policy.ts';
import type { Team } from '../../core/teams/team.ts';
import { KIND_NAMES, wordsOf } from '../alert-words.ts';
import { code, joined, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, context, fields, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { placeName } from './place-name.ts';
import { runButton } from './run-button.ts';
import { moment, person } from './words.ts';

export interface AlertSettings {
  readonly team: Team;
  readonly policy: AlertPolicy;
  /** Where it is spoken to, unless the policy says otherwise. */
  readonly home: string;
  readonly open: readonly AlertEpisode[];
}

/** What a team's alerts are like, and which are open. */
export function alertSettings({ team, policy, home, open }: AlertSettings): Speech {
  const { routes, owner, quiet, off } = policy;
  const words = wordsOf(policy);
  const place = (route: string | undefined): Mrkdwn => placeName(route ?? home);
  const hours =
    quiet === null
      ? mrkdwn`none`
      : mrkdwn`${words.quiet} (${quiet.timeZone}), but for what is critical`;
  const told = ALERT_KINDS.map(
    (kind) => mrkdwn`${off.includes(kind) ? '○' : '●'} ${KIND_NAMES[kind]}`,
  );
  return speech(mrkdwn`Alerts of ${team.id}`, [
    header(`Alerts of ${team.id}`),
    fields([
      mrkdwn`*Low credit at*\n${policy.creditPercents.join(' %, ')} % and 0`,
      mrkdwn`*Budgets at*\n${[...policy.budgetPercents, 100].join(' %, ')} %`,
      mrkdwn`*Mentions*\n${owner === null ? 'nobody' : mention(owner)}`,
      mrkdwn`*Warnings*\n${place(routes.warning)}`,
      mrkdwn`*Critical*\n${place(routes.critical)}`,
      mrkdwn`*Quiet hours*\n${hours}`,
      mrkdwn`*Ended budgets*\n${policy.budgetPeriods === true ? 'told in the team’s channel' : 'not told'}`,
    ]),
    section(mrkdwn`*Told (●) and not told (○)*\n${joined(told, '\n')}`),
    section(
      open.length === 0
        ? mrkdwn`*Open now*\nnone`
        : mrkdwn`*Open now*\n${joined(open.map(openText), '\n')}`,
    ),
    actions(
      runButton('Change', `/team alerts ${team.id} change`, { style: 'primary' }),
      runButton('Show team', `/team show ${team.id}`),
    ),
    context(mrkdwn`Or by words: ${code(`/team alerts ${team.id} thresholds=50,20,5 owner=@name`)}`),
  ]);
}

function openText({ kind, severity, openedAt, seenBy }: AlertEpisode): Mrkdwn {
  const seen = seenBy === null ? mrkdwn`` : mrkdwn`, ${person(seenBy)} sees to it`;
  return mrkdwn`${severity === 'critical' ? '⛔' : '⚠️'} ${KIND_NAMES[kind]}, since ${moment(openedAt)}${seen}`;
}
