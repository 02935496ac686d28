import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { creditsToText } from '../../../core/money.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import type { Team } from '../../../core/teams/team.ts';
import { updateTeam } from '../../../core/teams/update-team.ts';
import type { TeamChange } from '../../../core/teams/update-team.ts';
import { editedSpeech } from '../../blocks/edited.ts';
import { refusalSpeech } from '../../replies.ts';
import { teamMeant } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const edit = subcommand({
  name: 'edit',
  says: 'Changes the name of a team and what it pays, from its next call on.',
  role: 'manager',
  title: 'Change a team',
  submit: 'Save',
  arguments: [
    TEAM,
    { name: 'alias', kind: 'text', example: 'alias="Acme, production"', says: 'a name for people' },
    {
      name: 'mode',
      kind: 'mode',
      example: 'mode=consumption_usd',
      says: 'what it pays by: job_based, consumption_usd or consumption_tokens',
    },
    {
      name: 'credits-per-dollar',
      kind: 'rate',
      example: 'credits-per-dollar=10',
      says: 'credits that a dollar of cost is worth, where it pays by cost',
    },
    {
      name: 'tokens-per-credit',
      kind: 'count',
      example: 'tokens-per-credit=10k',
      says: 'tokens that a credit buys, where it pays by tokens',
    },
    {
      name: 'markup',
      kind: 'percent',
      example: 'markup=12.5%',
      says: 'what is added to the cost or the tokens; 0% for nothing',
    },
  ],
  examples: ['edit acme-prod alias="Acme, production"', 'edit acme-prod markup=12.5%'],
  standing: async ({ records }, { team: id = '' }) => {
    const team = await records.teams.find(id);
    return team === undefined ? {} : standingOf(team);
  },
  async run(call, { values: { team: id, ...words } }) {
    const team = await teamMeant(call, id);
    if (team === undefined) {
      return;
    }
    const change = changeOf(words);
    if (Object.keys(change).length === 0) {
      const complaint = 'nothing to change was named, like alias= or markup=';
      await call.reply(refusalSpeech(refuse('value_invalid', { field: 'alias', complaint })));
      return;
    }
    const updated = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
      updateTeam(stores, call.actor, team.id, change),
    );
    if (!isRepeated(updated)) {
      await call.reply(isRefusal(updated) ? refusalSpeech(updated) : editedSpeech(team, updated));
    }
  },
});

interface EditWords {
  readonly alias?: string;
  readonly mode?: TeamChange['budgetMode'];
  readonly 'credits-per-dollar'?: bigint;
  readonly 'tokens-per-credit'?: number | 'off';
  readonly markup?: number;
}

const BASIS_POINTS_PER_PERCENT = 100;

/** What holds of a team, in the words in which it is changed. */
function standingOf(team: Team): Record<string, string> {
  return {
    alias: team.alias,
    mode: team.budgetMode.replaceAll('_', ' '),
    'credits-per-dollar': creditsToText(team.microcreditsPerUsd),
    'tokens-per-credit': team.tokensPerCredit.toLocaleString('en'),
    markup: `${team.markupBasisPoints / BASIS_POINTS_PER_PERCENT} %`,
  };
}

function changeOf(words: EditWords): TeamChange {
  const { alias, mode, markup } = words;
  const rate = words['credits-per-dollar'];
  const tokens = words['tokens-per-credit'];
  return {
    ...(alias === undefined ? {} : { alias }),
    ...(mode === undefined ? {} : { budgetMode: mode }),
    ...(rate === undefined ? {} : { microcreditsPerUsd: rate }),
    ...(typeof tokens === 'number' ? { tokensPerCredit: BigInt(tokens) } : {}),
    ...(markup === undefined ? {} : { markupBasisPoints: markup }),
  };
}
