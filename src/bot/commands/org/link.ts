import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { updateOrganization } from '../../../core/organizations/update-organization.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import { linkedOrganizationSpeech } from '../../blocks/edited.ts';
import { postable } from '../../call.ts';
import { refusalSpeech } from '../../replies.ts';
import { organizationOf } from '../../unknown-organization.ts';
import { subcommand } from '../definition.ts';
import { ORGANIZATION } from './organization-argument.ts';

export const link = subcommand({
  name: 'link',
  says: 'Links a channel to an organization: its news, and those of its teams that have no channel.',
  role: 'manager',
  title: 'Link a channel',
  arguments: [
    ORGANIZATION,
    {
      name: 'channel',
      kind: 'channel_or_off',
      positional: true,
      example: 'channel=#acme',
      says: 'which channel; where you type this if absent; off links none',
    },
  ],
  examples: ['link acme', 'link acme channel=off'],
  async run(call, { values: { org = '', channel = postable(call.channelId) } }) {
    if ((await organizationOf(call, org, (id) => `/org link ${id}`)) === undefined) {
      return;
    }
    if (channel === undefined) {
      const complaint = 'this is no channel; name one, like channel=#acme';
      await call.reply(refusalSpeech(refuse('value_invalid', { field: 'channel', complaint })));
      return;
    }
    const channelId = channel === 'off' ? null : channel;
    const linked = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
      updateOrganization(stores, call.actor, org, { channelId }),
    );
    if (!isRepeated(linked)) {
      await call.reply(
        isRefusal(linked) ? refusalSpeech(linked) : linkedOrganizationSpeech(linked),
      );
    }
  },
});
