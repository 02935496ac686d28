import { refuse } from '../../../core/refusals.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { teamMeant } from '../../unknown-team.ts';
import { tellUsage } from '../../usage.ts';
import { askWhichOfBoth } from '../../team-or-organization.ts';
import { subcommand } from '../definition.ts';
import type { Command } from '../definition.ts';
import { TEAM } from '../team/team-argument.ts';
import { USAGE_ARGUMENTS } from '../usage-arguments.ts';

/** Either may be named: a team by its place, an organization as `org=acme`. */
export const usage: Command = {
  name: '/usage',
  says: 'See what a team or a whole organization used, and what it cost',
  hint: 'acme-prod range=30d by=model | org=acme | help',
  subcommands: [
    subcommand({
      name: '',
      says: 'Shows what a team used, or all teams of an organization together.',
      role: 'viewer',
      inSight: true,
      title: 'Usage',
      arguments: [
        { ...TEAM, required: false, says: 'the id of the team' },
        { name: 'org', kind: 'org', example: 'org=acme', says: 'or the id of the organization' },
        ...USAGE_ARGUMENTS,
      ],
      examples: ['acme-prod', 'acme-prod range=30d by=key', 'org=acme as=csv'],
      async run(call, { values: { team: id, org, ...wish } }) {
        if (id !== undefined && org !== undefined) {
          await askWhichOfBoth(call, org);
          return;
        }
        if (org !== undefined) {
          const found = await organizationOf(call, org, (meant) => `/usage org=${meant}`);
          await (found && tellUsage(call, { kind: 'organization', organizationId: org }, wish));
          return;
        }
        if (id === undefined) {
          const complaint = 'say which team, or which organization as org=acme';
          await call.reply(refusalSpeech(refuse('value_invalid', { field: 'team', complaint })));
          return;
        }
        const team = await teamMeant(call, id);
        await (team && tellUsage(call, { kind: 'team', teamId: team.id }, wish));
      },
    }),
  ],
};
