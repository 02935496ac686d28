import type { KnownBlock } from '@slack/types';
import { REVEAL_LINK_LIFETIME_MS } from '../../core/keys/reveal-link.ts';
import type { AccessGroup } from '../../core/models/access-group.ts';
import type { Organization } from '../../core/organizations/organization.ts';
import type { Team } from '../../core/teams/team.ts';
import { MINUTE_MS } from '../../core/time.ts';
import { channelLink, code, mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { clientMessage } from './client-message.ts';
import type { ClientMessage } from './client-message.ts';
import { actions, button, context, divider, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { runButton } from './run-button.ts';
import { groupNames } from './team-words.ts';
import { credits } from './words.ts';

export interface OnboardedTeamFacts {
  readonly team: Team;
  readonly credits: bigint;
  /** Whether its first credits wait for an approval. */
  readonly isWaiting: boolean;
  /** Reveals the key to whoever opens it first; undefined where none could be made. */
  readonly revealUrl: string | undefined;
}

interface OnboardedFacts {
  readonly organization: Organization;
  /** The production team first. */
  readonly teams: readonly OnboardedTeamFacts[];
  readonly groups: readonly AccessGroup[];
  readonly client: Pick<ClientMessage, 'models' | 'firstCall' | 'publicUrl'>;
}

const MINUTES = REVEAL_LINK_LIFETIME_MS / MINUTE_MS;

/** For the person who onboarded a customer: what exists now, and the message to send on. */
export function onboardedSpeech(facts: OnboardedFacts): Speech {
  const { organization, teams, groups, client } = facts;
  const said = mrkdwn`✅ *${organization.name}* is on board.`;
  const { channelId: channel } = organization;
  const blocks: KnownBlock[] = [
    header(`${organization.name} is on board`),
    section(
      mrkdwn`Organization ${code(organization.id)}, with ${groupNames(groups)}. ${
        channel === null ? 'No channel is linked.' : mrkdwn`News go to ${channelLink(channel)}.`
      }`,
    ),
    ...teams.map(({ team, credits: amount, isWaiting }) =>
      section(
        mrkdwn`*${team.id}*  ·  ${isWaiting ? 'its credits wait for an approval' : credits(amount)}`,
        runButton('Show team', `/team show ${team.id}`),
      ),
    ),
    divider(),
    ...clientMessage({
      greeting: `Hello ${organization.name}, your access to our models is ready.`,
      ...client,
      keys: teams.map(({ team, revealUrl }) => ({ of: team.id, revealUrl })),
    }),
    ...revealBlocks(teams),
    context(
      mrkdwn`Each link shows its key once, to whoever opens it first, within ${MINUTES} minutes; no key passes through Slack. Tomorrow I tell you whether the first call came.`,
    ),
  ];
  return speech(said, blocks);
}

function revealBlocks(teams: readonly OnboardedTeamFacts[]): KnownBlock[] {
  const buttons = teams.flatMap(({ team, revealUrl }) =>
    revealUrl === undefined
      ? []
      : [button({ id: `reveal:${team.id}`, label: `Reveal ${team.id} myself`, url: revealUrl })],
  );
  const lost = teams.filter(({ revealUrl }) => revealUrl === undefined).map(missingLink);
  return [
    ...(buttons.length === 0 ? [] : [actions(...buttons)]),
    ...lost.map((each) => section(each)),
  ];
}

function missingLink({ team }: OnboardedTeamFacts): Mrkdwn {
  return mrkdwn`⚠️ The key of ${code(team.id)} could not be put behind a link: make another with ${code(`/team key new ${team.id}`)}.`;
}
