import { ORGANIZATION_ROLES } from '../../../core/members/member.ts';
import { changePeople, tellPeople } from '../../people.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { wishIn } from '../wish.ts';
import { SURE } from '../sure-argument.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const members = subcommand({
  name: 'members',
  says: "Shows a customer's people; managers add, change and remove them.",
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [
    ORGANIZATION,
    {
      name: 'new',
      kind: 'text',
      example: 'new=bob@acme.com',
      says: 'somebody who is not known yet, by an e-mail address or an id of your own',
    },
    {
      name: 'person',
      kind: 'person',
      example: 'person=ann@acme.com',
      says: 'who is known, to be changed',
    },
    { name: 'name', kind: 'text', example: 'name="Ann Lee"', says: 'what people call them' },
    { name: 'email', kind: 'text', example: 'email=ann@acme.com', says: 'where they are reached' },
    {
      name: 'role',
      kind: 'word',
      choices: ORGANIZATION_ROLES,
      example: 'role=admin',
      says: 'an admin manages the organization at the management door',
    },
    {
      name: 'remove',
      kind: 'person',
      example: 'remove=ann@acme.com',
      says: 'takes a person out of all its teams, and revokes their keys for ever; asks first',
    },
    SURE,
  ],
  examples: [
    'members acme',
    'members acme new=bob@acme.com role=admin',
    'members acme person=bob@acme.com name="Bob Lee"',
  ],
  async run(call, { values: { org = '', sure, ...words } }) {
    const organization = await organizationOf(call, org, (id) => `/org members ${id}`);
    if (organization === undefined) {
      return;
    }
    const wish = await wishIn(call, words);
    if (wish === 'refused') {
      return;
    }
    await (wish === 'change'
      ? changePeople(call, org, words, sure === true)
      : tellPeople(call, org));
  },
});
