import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { updateOrganization } from '../../../core/organizations/update-organization.ts';
import { isRefusal } from '../../../core/refusals.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';
import { showOrganization } from './show.ts';

export const set = subcommand({
  name: 'set',
  says: 'Sets name, time zone and whether its teams may be allowed more together than it has.',
  role: 'manager',
  arguments: [
    ORGANIZATION,
    { name: 'name', kind: 'text', example: 'name="Acme Inc."', says: 'a name for people' },
    {
      name: 'zone',
      kind: 'text',
      example: 'zone=Europe/Berlin',
      says: 'where the days and months of its budgets begin',
    },
    {
      name: 'overallocation',
      kind: 'yes_no',
      example: 'overallocation=no',
      says: "no refuses teams' limits and budgets that sum to more than the organization's",
    },
  ],
  examples: ['set acme zone=Europe/Berlin', 'set acme overallocation=no'],
  async run(call, { values: { org = '', name, zone, overallocation } }) {
    if ((await organizationOf(call, org, (id) => `/org show ${id}`)) === undefined) {
      return;
    }
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(zone === undefined ? {} : { timeZone: zone }),
      ...(overallocation === undefined
        ? {}
        : { overAllocation: overallocation ? ('allowed' as const) : ('refused' as const) }),
    };
    const updated = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
      updateOrganization(stores, call.actor, org, change),
    );
    if (!isRepeated(updated)) {
      await (isRefusal(updated)
        ? call.reply(refusalSpeech(updated))
        : showOrganization(call, updated));
    }
  },
});
