import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { createOrganization } from '../../../core/organizations/create-organization.ts';
import { updateOrganization } from '../../../core/organizations/update-organization.ts';
import { isRefusal } from '../../../core/refusals.ts';
import { refusalSpeech } from '../../replies.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';
import { showOrganization } from './show.ts';

export const create = subcommand({
  name: 'create',
  says: 'Creates an organization: a customer, whose teams come next.',
  role: 'manager',
  title: 'Create an organization',
  arguments: [
    {
      ...ORGANIZATION,
      isNew: true,
      says: 'the id of the new organization, which never changes',
    },
    { name: 'name', kind: 'text', example: 'name="Acme Inc."', says: 'a name for people' },
    {
      name: 'zone',
      kind: 'text',
      example: 'zone=Europe/Berlin',
      says: 'where the days and months of its budgets begin; UTC if absent',
    },
  ],
  examples: ['create acme', 'create acme name="Acme Inc." zone=Europe/Berlin'],
  async run(call, { values: { org = '', name, zone } }) {
    const { stores } = call.bot;
    const created = await once(stores, `slack:${call.onceId}`, async (inside) => {
      const made = await createOrganization(inside, call.actor, { id: org, name: name ?? org });
      return isRefusal(made) || zone === undefined
        ? made
        : updateOrganization(inside, call.actor, org, { timeZone: zone });
    });
    if (!isRepeated(created)) {
      await (isRefusal(created)
        ? call.reply(refusalSpeech(created))
        : showOrganization(call, created, 'made'));
    }
  },
});
