import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import type { Organization } from '../../../core/organizations/organization.ts';
import { updateOrganization } from '../../../core/organizations/update-organization.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import type { Refusal } from '../../../core/refusals.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';
import { showOrganization } from './show.ts';

export const set = subcommand({
  name: 'set',
  says: 'Sets name, time zone, how long calls are kept, and whether its teams may be allowed more together than it has.',
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
    {
      name: 'retention',
      kind: 'text',
      example: 'retention=90d',
      says: 'how many days single calls are kept; off for as long as the configuration says',
    },
  ],
  standing: async ({ records }, { org = '' }) => {
    const organization = await records.organizations.find(org);
    return organization === undefined ? {} : standingOf(organization);
  },
  examples: ['set acme zone=Europe/Berlin', 'set acme overallocation=no', 'set acme retention=90d'],
  async run(call, { values: { org = '', name, zone, overallocation, retention } }) {
    const usageRetentionDays = retentionFrom(retention);
    if ((await organizationOf(call, org, (id) => `/org show ${id}`)) === undefined) {
      return;
    }
    if (isRefusal(usageRetentionDays)) {
      await call.reply(refusalSpeech(usageRetentionDays));
      return;
    }
    const change = {
      ...(name === undefined ? {} : { name }),
      ...(zone === undefined ? {} : { timeZone: zone }),
      ...(overallocation === undefined
        ? {}
        : { overAllocation: overallocation ? ('allowed' as const) : ('refused' as const) }),
      ...(usageRetentionDays === undefined ? {} : { usageRetentionDays }),
    };
    if (Object.keys(change).length === 0) {
      const complaint = 'nothing to change was named, like name= or zone=';
      await call.reply(refusalSpeech(refuse('value_invalid', { field: 'name', complaint })));
      return;
    }
    const updated = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
      updateOrganization(stores, call.actor, org, change),
    );
    if (!isRepeated(updated)) {
      await (isRefusal(updated)
        ? call.reply(refusalSpeech(updated))
        : showOrganization(call, updated, 'changed'));
    }
  },
});

/** What holds of an organization, in the words in which it is changed. */
function standingOf({
  name,
  timeZone,
  overAllocation,
  usageRetentionDays,
}: Organization): Record<string, string> {
  return {
    name,
    zone: timeZone,
    overallocation: overAllocation === 'allowed' ? 'yes' : 'no',
    retention: usageRetentionDays === null ? 'off' : `${usageRetentionDays}d`,
  };
}

/** Null for what the configuration says; undefined where nothing was said. */
function retentionFrom(typed: string | undefined): number | null | undefined | Refusal {
  if (typed === undefined) {
    return undefined;
  }
  const days = /^(\d{1,5})\s*d?(?:ays?)?$/i.exec(typed)?.[1];
  const complaint = 'write how many days, like 90d, or off';
  return /^(off|none)$/i.test(typed)
    ? null
    : days === undefined
      ? refuse('value_invalid', { field: 'retention', complaint })
      : Number(days);
}
