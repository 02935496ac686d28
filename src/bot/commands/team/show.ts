import { isRefusal } from '../../../core/refusals.ts';
import { teamCard } from '../../blocks/team-card.ts';
import { readTeam } from '../../readings.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const show = subcommand({
  name: 'show',
  says: 'Shows balance, burn rate, models, keys and the latest entries of a team.',
  role: 'viewer',
  arguments: [TEAM],
  examples: ['show acme-prod'],
  async run(call, { values: { team = '' } }) {
    const reading = await readTeam(call.bot.stores, team);
    await (isRefusal(reading)
      ? tellUnknownTeam(call, reading, team, (id) => `/team show ${id}`)
      : call.reply(teamCard(reading)));
  },
});
