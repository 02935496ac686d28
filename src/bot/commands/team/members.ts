import { TEAM_ROLES } from '../../../core/members/member.ts';
import { GRANTABLE } from '../../../core/permission/permissions.ts';
import { changeMembers, tellMembers } from '../../team-members.ts';
import { teamMeant } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { wishIn } from '../wish.ts';
import { TEAM } from './team-argument.ts';

export const members = subcommand({
  name: 'members',
  says: 'Shows who is in a team; managers add and remove people, and change what they are there.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [
    TEAM,
    { name: 'add', kind: 'person', example: 'add=ann@acme.com', says: 'a person of the customer' },
    {
      name: 'new',
      kind: 'text',
      example: 'new=bob@acme.com',
      says: 'the same, for somebody who is not known yet',
    },
    {
      name: 'remove',
      kind: 'member',
      example: 'remove=ann@acme.com',
      says: 'takes a person out and blocks their keys of this team',
    },
    {
      name: 'member',
      kind: 'member',
      example: 'member=ann@acme.com',
      says: 'who is in the team, to be given another role',
    },
    {
      name: 'role',
      kind: 'word',
      choices: TEAM_ROLES,
      example: 'role=admin',
      says: 'of member=, or of who is added: an admin manages the team at the management door',
    },
    {
      name: 'may',
      kind: 'names',
      label: 'What members may',
      example: 'may=key.create,key.rotate',
      says: `what keys of members may do at the management door: ${GRANTABLE.join(', ')}; or none`,
    },
  ],
  examples: [
    'members acme-prod',
    'members acme-prod add=ann@acme.com',
    'members acme-prod member=ann@acme.com role=admin',
  ],
  async run(call, { values: { team: teamId = '', ...words } }) {
    const wish = await wishIn(call, words);
    if (wish === 'refused') {
      return;
    }
    const team = await teamMeant(call, teamId);
    if (team !== undefined) {
      await (wish === 'change' ? changeMembers(call, team.id, words) : tellMembers(call, team.id));
    }
  },
});
