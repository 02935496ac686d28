import { showCredits } from '../../credits.ts';
import { tellBalances } from '../../balances.ts';
import { askWhichOfBoth } from '../../team-or-organization.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';
import { TEAM } from '../team/team-argument.ts';

export const credits: Command = {
  name: '/credits',
  says: 'See which teams have the least credits, or what one team has',
  hint: 'acme-prod | org=acme | help',
  subcommands: [
    subcommand({
      name: '',
      says: 'Shows the teams with the least left, or the credits of one team.',
      role: 'viewer',
      inSight: true,
      title: 'Credits',
      arguments: [
        { ...TEAM, required: false },
        { name: 'org', kind: 'org', example: 'org=acme', says: 'the teams of this organization' },
      ],
      examples: ['', 'acme-prod', 'org=acme'],
      async run(call, reading) {
        const { team, org } = reading.values;
        if (team !== undefined && org !== undefined) {
          await askWhichOfBoth(call, org);
          return;
        }
        await (team === undefined ? tellBalances(call, org) : showCredits(call, reading));
      },
    }),
  ],
};
