import { chooseDigest } from '../../digests.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { DIGEST_ARGUMENTS } from '../digest-arguments.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const digest = subcommand({
  name: 'digest',
  says: 'Has a channel told each morning, week or month how an organization did and what needs attention.',
  role: 'manager',
  arguments: [ORGANIZATION, ...DIGEST_ARGUMENTS],
  examples: ['digest acme weekly', 'digest acme monthly --csv', 'digest acme off'],
  async run(call, { values: { org = '', every = 'off', channel, csv = false } }) {
    const organization = await organizationOf(call, org, (id) => `/org digest ${id} ${every}`);
    if (organization !== undefined) {
      const subject = { kind: 'organization', organizationId: organization.id } as const;
      await chooseDigest(call, subject, { every, channel, csv });
    }
  },
});
