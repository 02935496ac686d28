import type { Button, KnownBlock } from '@slack/types';
import { code, mrkdwn } from '../escape.ts';
import type { PageWish, TeamPage } from '../paging.ts';
import type { Money } from '../readings.ts';
import type { Team } from '../../core/teams/team.ts';
import { actions, button, context, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { objectIn, runButton } from './run-button.ts';
import { standingText } from './team-words.ts';
import { bar, credits, percentOf } from './words.ts';

/** A page of teams, each with what it has left and a way to look at it. */
export function teamList(page: TeamPage): Speech {
  const title = page.organizationId === undefined ? 'Teams' : `Teams of ${page.organizationId}`;
  const turns = turnButtons(page);
  const blocks: KnownBlock[] = [
    header(title),
    ...(page.teams.length === 0
      ? [section(mrkdwn`None ${page.page === 0 ? 'yet' : 'here any more'}.`)]
      : page.teams.map(({ team, money }) => teamLine(team, money))),
    ...(turns.length === 0 ? [] : [actions(...turns), context(mrkdwn`Page ${page.page + 1}`)]),
    ...(page.teams.length === 0 && page.page === 0
      ? [actions(runButton('Create a team', '/team create', { style: 'primary' }))]
      : []),
  ];
  return speech(
    mrkdwn`${title}: ${page.teams.map(({ team }) => team.id).join(', ') || 'none'}`,
    blocks,
  );
}

/** One team in two lines, with the button that shows it. */
export function teamLine(team: Team, money: Money): KnownBlock {
  const percent = percentOf(money.spendable, money.allotment);
  const left = percent === undefined ? '' : `  ${percent} %`;
  const about = mrkdwn`*${team.id}*  ·  ${code(team.organizationId)}  ·  ${standingText(team, money)}`;
  const balance = mrkdwn`${bar(money.spendable, money.allotment)}${left}  ·  ${credits(money.spendable)}`;
  return section(mrkdwn`${about}\n${balance}`, runButton('Show', `/team show ${team.id}`));
}

function turnButtons({ page, organizationId, hasNext }: TeamPage): Button[] {
  const turn = (label: string, to: number): Button => {
    const wish = { page: to, organizationId };
    return button({ id: `page:${label}`, label, value: JSON.stringify(wish) });
  };
  return [
    ...(page > 0 ? [turn('Previous', page - 1)] : []),
    ...(hasNext ? [turn('Next', page + 1)] : []),
  ];
}

/** Which page a button asks for; the first one if it can't be read. */
export function pageWishOf(value: string | undefined): PageWish {
  const parsed = objectIn(value);
  const organizationId = parsed?.['organizationId'];
  return {
    page: Number(parsed?.['page'] ?? 0) || 0,
    organizationId: typeof organizationId === 'string' ? organizationId : undefined,
  };
}
