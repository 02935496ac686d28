import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { updateOrganization } from '../../../core/organizations/update-organization.ts';
import type { Organization } from '../../../core/organizations/organization.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import type { Refusal } from '../../../core/refusals.ts';
import { organizationModelsSpeech } from '../../blocks/organization-models.ts';
import type { Call } from '../../call.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { wishIn } from '../wish.ts';
import { ORGANIZATION } from './organization-argument.ts';

interface ModelWords {
  readonly only?: readonly string[];
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

export const models = subcommand({
  name: 'models',
  says: 'Shows what the teams of an organization may use at most; managers set it.',
  role: 'viewer',
  changeRole: 'manager',
  submit: 'Save',
  arguments: [
    ORGANIZATION,
    {
      name: 'only',
      kind: 'models',
      example: 'only=gpt-models,claude-*',
      says: 'groups, models and beginnings with *, and nothing else; all for all of them',
      instead: { word: 'all', says: 'Everything that is served' },
    },
    { name: 'add', kind: 'models', example: 'add=gpt-4o', says: 'these, too' },
    { name: 'remove', kind: 'models', example: 'remove=claude-*', says: 'these no longer' },
  ],
  examples: ['models acme', 'models acme only=gpt-models', 'models acme only=all'],
  async run(call, { values: { org = '', ...words } }) {
    const organization = await organizationOf(call, org, (id) => `/org models ${id}`);
    if (organization === undefined) {
      return;
    }
    const wish = await wishIn(call, words);
    if (wish === 'change') {
      await changeModels(call, organization, words);
    } else if (wish === 'look') {
      await call.reply(organizationModelsSpeech(organization));
    }
  },
});

async function changeModels(call: Call, { id }: Organization, words: ModelWords): Promise<void> {
  let before: Organization | undefined;
  const updated = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) => {
    before = await stores.records.organizations.locked(id);
    const wanted = modelsAfter(before?.models ?? [], words);
    return isRefusal(wanted)
      ? wanted
      : updateOrganization(stores, call.actor, id, { models: wanted });
  });
  if (!isRepeated(updated)) {
    await call.reply(
      isRefusal(updated) ? refusalSpeech(updated) : organizationModelsSpeech(updated, { before }),
    );
  }
}

/** Nothing at all stands for everything: so a list is never emptied by taking away. */
function modelsAfter(present: readonly string[], words: ModelWords): string[] | Refusal {
  const { only, add = [], remove = [] } = words;
  const isAll = only?.length === 1 && only[0]?.toLowerCase() === 'all';
  const base = only === undefined ? present : isAll ? [] : only;
  if (base.length === 0 && add.length + remove.length > 0) {
    const complaint = 'its teams may use all models; say which alone, like only=gpt-models';
    return refuse('value_invalid', { field: add.length > 0 ? 'add' : 'remove', complaint });
  }
  const after = [...new Set([...base, ...add])].filter((each) => !remove.includes(each));
  const complaint = 'nothing would be left; suspend the organization, or say only=all';
  return after.length === 0 && !isAll
    ? refuse('value_invalid', { field: 'remove', complaint })
    : after;
}
