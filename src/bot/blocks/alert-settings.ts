import type { AlertSubject } from '../../core/alerts/alert-records.ts';
import type { AlertEpisode } from '../../core/alerts/episode.ts';
import { ALERT_KINDS } from '../../core/alerts/episode.ts';
import type { AlertPolicy } from '../../core/alerts/policy.ts';
import { KIND_NAMES, wordsOf } from '../alert-words.ts';
import { code, joined, mention, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { actions, context, fields, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { placeName } from './place-name.ts';
import { runButton } from './run-button.ts';
import { moment, person } from './words.ts';

export interface AlertSettings {
  readonly subject: AlertSubject;
  readonly policy: AlertPolicy;
  /** Where it is spoken to, unless the policy says otherwise. */
  readonly home: string;
  readonly open: readonly AlertEpisode[];
  /** It was just set. */
  readonly isChanged: boolean;
}

/** More would push the rest of the message away. */
const OPEN_SHOWN = 15;

/** What the alerts of a team or an organization are like, and which are open. */
export function alertSettings({ subject, policy, home, open, isChanged }: AlertSettings): Speech {
  const isTeam = subject.kind === 'team';
  const id = isTeam ? subject.teamId : subject.organizationId;
  const command = isTeam ? '/team' : '/org';
  const { shown, more } = firstOf(open, OPEN_SHOWN);
  const lines = shown.map((episode) => openText(episode, isTeam));
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
  const done = mrkdwn`✅ Alerts of ${code(id)} are changed.`;
  return speech(isChanged ? done : mrkdwn`Alerts of ${id}`, [
    ...(isChanged ? [section(done)] : []),
    header(`Alerts of ${id}`),
    fields([
      mrkdwn`*Low credit at*\n${policy.creditPercents.join(' %, ')} % and 0`,
      mrkdwn`*Budgets at*\n${[...policy.budgetPercents, 100].join(' %, ')} %`,
      mrkdwn`*Mentions*\n${owner === null ? 'nobody' : mention(owner)}`,
      mrkdwn`*Warnings*\n${place(routes.warning)}`,
      mrkdwn`*Critical*\n${place(routes.critical)}`,
      mrkdwn`*Quiet hours*\n${hours}`,
      mrkdwn`*Ended budgets*\n${policy.budgetPeriods === true ? 'told in its channel' : 'not told'}`,
    ]),
    section(mrkdwn`*Told (●) and not told (○)*\n${joined(told, '\n')}`),
    section(
      open.length === 0
        ? mrkdwn`*Open now*\nnone`
        : mrkdwn`*Open now*\n${joined(more === undefined ? lines : [...lines, more], '\n')}`,
    ),
    actions(
      runButton('Change', `${command} alerts ${id} change`, { style: 'primary' }),
      runButton(isTeam ? 'Show team' : 'Show organization', `${command} show ${id}`),
    ),
    ...(isTeam
      ? []
      : [context(mrkdwn`This holds for its teams, too, in what they did not choose themselves.`)]),
    context(mrkdwn`Or by words: ${code(`${command} alerts ${id} thresholds=50,20,5 owner=@name`)}`),
  ]);
}

function openText(
  { kind, severity, openedAt, seenBy, teamId }: AlertEpisode,
  isTeam: boolean,
): Mrkdwn {
  const whose = isTeam || teamId === null ? mrkdwn`` : mrkdwn` of ${code(teamId)}`;
  const seen = seenBy === null ? mrkdwn`` : mrkdwn`, ${person(seenBy)} sees to it`;
  return mrkdwn`${severity === 'critical' ? '⛔' : '⚠️'} ${KIND_NAMES[kind]}${whose}, since ${moment(openedAt)}${seen}`;
}
