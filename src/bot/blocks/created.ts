import type { AccessGroup } from '../../core/models/access-group.ts';
import { REVEAL_LINK_LIFETIME_MS } from '../../core/keys/reveal-link.ts';
import type { Team } from '../../core/teams/team.ts';
import { MINUTE_MS } from '../../core/time.ts';
import { channelLink, code, mrkdwn } from '../escape.ts';
import { actions, button, context, fields, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { groupNames, modelNames, termsText } from './team-words.ts';
import { credits } from './words.ts';

export interface CreatedFacts {
  readonly team: Team;
  /** Microcredits to begin with. */
  readonly credits: bigint;
  /** Whether these wait for an approval: it has none until then. */
  readonly isWaiting: boolean;
  readonly groups: readonly AccessGroup[];
  readonly organizationCreated: boolean;
}

/** For the person who created the team. The address reveals the key to whoever opens it first. */
export function createdSpeech(facts: CreatedFacts, revealUrl: string | undefined): Speech {
  const { team, groups } = facts;
  const show = runButton('Show team', `/team show ${team.id}`);
  const said = mrkdwn`✅ Team ${code(team.id)} is ready.`;
  return speech(said, [
    section(said),
    fields([
      mrkdwn`*Organization*\n${code(team.organizationId)}${facts.organizationCreated ? ' (new)' : ''}`,
      mrkdwn`*Credits*\n${facts.isWaiting ? mrkdwn`none yet: ${credits(facts.credits)} wait for an approval` : credits(facts.credits)}`,
      mrkdwn`*Access*\n${groupNames(groups)}`,
      mrkdwn`*Price*\n${termsText(team)}`,
    ]),
    section(mrkdwn`*Models*\n${modelNames(groups)}`),
    ...(revealUrl === undefined
      ? [
          section(
            mrkdwn`⚠️ Its first key could not be put behind a link: make another with ${code(`/team key new ${team.id}`)}.`,
          ),
        ]
      : []),
    actions(...(revealUrl === undefined ? [] : [revealButton(revealUrl)]), show),
    context(keyText(team, revealUrl)),
  ]);
}

function revealButton(url: string) {
  return button({ id: 'reveal', label: 'Reveal the key once', url, style: 'primary' });
}

function keyText(team: Team, revealUrl: string | undefined) {
  const minutes = REVEAL_LINK_LIFETIME_MS / MINUTE_MS;
  const link =
    revealUrl === undefined
      ? mrkdwn``
      : mrkdwn`The link shows the key once and ends after ${minutes} minutes; no key passes through Slack. `;
  const place =
    team.channelId === null
      ? mrkdwn`No channel is linked.`
      : mrkdwn`News go to ${channelLink(team.channelId)}.`;
  return mrkdwn`${link}${place}`;
}
