import { refuse } from '../../../core/refusals.ts';
import { chooseDigest } from '../../digests.ts';
import { tellUnknownTeam } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { DIGEST_ARGUMENTS } from '../digest-arguments.ts';
import { TEAM } from './team-argument.ts';

export const digest = subcommand({
  name: 'digest',
  says: 'Has a channel told each morning, week or month how a team did and what needs attention.',
  role: 'manager',
  arguments: [TEAM, ...DIGEST_ARGUMENTS],
  examples: ['digest acme-prod weekly', 'digest acme-prod monthly --csv', 'digest acme-prod off'],
  async run(call, { values: { team: teamId = '', every = 'off', channel, csv = false } }) {
    const team = await call.bot.stores.records.teams.find(teamId);
    await (team === undefined
      ? tellUnknownTeam(
          call,
          refuse('team_unknown', { team: teamId }),
          teamId,
          (id) => `/team digest ${id} ${every}`,
        )
      : chooseDigest(call, { kind: 'team', teamId }, { every, channel, csv }));
  },
});
