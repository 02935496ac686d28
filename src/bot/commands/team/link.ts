import { isRepeated } from '../../../core/change.ts';
import { once } from '../../../core/once.ts';
import { homeOf } from '../../../core/posts/home.ts';
import { isRefusal, refuse } from '../../../core/refusals.ts';
import { updateTeam } from '../../../core/teams/update-team.ts';
import { linkedSpeech } from '../../blocks/edited.ts';
import { postable } from '../../call.ts';
import { refusalSpeech } from '../../replies.ts';
import { teamMeant } from '../../unknown-team.ts';
import { subcommand } from '../definition.ts';
import { TEAM } from './team-argument.ts';

export const link = subcommand({
  name: 'link',
  says: 'Links a channel to a team: its news and alerts go there.',
  role: 'manager',
  title: 'Link a channel',
  arguments: [
    TEAM,
    {
      name: 'channel',
      kind: 'channel_or_off',
      positional: true,
      example: 'channel=#acme-prod',
      says: 'which channel; where you type this if absent; off links none, and that of its organization serves',
    },
  ],
  examples: ['link acme-prod', 'link acme-prod channel=off'],
  async run(call, { values: { team: id, channel = postable(call.channelId) } }) {
    const team = await teamMeant(call, id);
    if (team === undefined) {
      return;
    }
    if (channel === undefined) {
      const complaint = 'this is no channel; name one, like channel=#acme-prod';
      await call.reply(refusalSpeech(refuse('value_invalid', { field: 'channel', complaint })));
      return;
    }
    const channelId = channel === 'off' ? null : channel;
    const linked = await once(call.bot.stores, `slack:${call.onceId}`, async (stores) =>
      updateTeam(stores, call.actor, team.id, { channelId }),
    );
    if (isRepeated(linked)) {
      return;
    }
    await call.reply(
      isRefusal(linked)
        ? refusalSpeech(linked)
        : linkedSpeech(linked, await homeOf(call.bot.stores.records, linked)),
    );
  },
});
