import { refuse } from '../../../core/refusals.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { tellUsage } from '../../usage.ts';
import { subcommand } from '../definition.ts';
import { USAGE_ARGUMENTS } from '../usage-arguments.ts';
import { TEAM } from './team-argument.ts';

export const usage = subcommand({
  name: 'usage',
  says: 'Shows what a team used and what it cost, with a chart, or sends it as a file.',
  role: 'viewer',
  submit: 'Show',
  arguments: [TEAM, ...USAGE_ARGUMENTS],
  examples: ['usage acme-prod', 'usage acme-prod range=30d by=key', 'usage acme-prod as=csv'],
  async run(call, { values: { team: teamId = '', ...wish } }) {
    const team = await call.bot.stores.records.teams.find(teamId);
    await (team === undefined
      ? tellUnknownTeam(
          call,
          refuse('team_unknown', { team: teamId }),
          teamId,
          (id) => `/team usage ${id}`,
        )
      : tellUsage(call, { kind: 'team', teamId }, wish));
  },
});
