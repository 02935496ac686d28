// What stands in Slack's own menus: on each message, and behind the lightning bolt.

import type { Bot } from './call.ts';
import { callOfShortcut } from './calls.ts';
import type { ShortcutDelivery } from './calls.ts';
import { COMMANDS } from './commands/registry.ts';
import { openForm, runCommand } from './commands/run.ts';
import { topUpFromMessage } from './mentioned.ts';
import { answering } from './replies.ts';
import { noticeView } from './views/notice.ts';

export interface Shortcut {
  readonly callbackId: string;
  readonly type: 'global' | 'message';
  /** As Slack's menu has it. */
  readonly name: string;
  readonly description: string;
  readonly run: (bot: Bot, delivery: ShortcutDelivery) => Promise<void>;
}

/** Every shortcut there is. The manifest is tested against this table. */
export const SHORTCUTS: readonly Shortcut[] = [
  {
    callbackId: 'create_team',
    type: 'global',
    name: 'Create a team',
    description: 'Create a team with its first credits and key',
    async run(bot, delivery) {
      const call = { ...callOfShortcut(bot, delivery), text: '/team create' };
      await answering(call, async () => runCommand(call, COMMANDS));
    },
  },
  {
    callbackId: 'top_up_message',
    type: 'message',
    name: 'Top up this team',
    description: 'Add credits to the team that this message names',
    async run(bot, delivery) {
      const call = callOfShortcut(bot, delivery);
      const { body } = delivery;
      await answering(call, async () => {
        if (!(await openForm(call, 'Top up'))) {
          return;
        }
        // The form asks again when it is sent, for the team that it then has.
        const complaint = await bot.roles.anywhere().complaint(call.userId, 'manager');
        await (complaint === undefined
          ? topUpFromMessage(call, body.type === 'message_action' ? textOf(body.message) : '')
          : call.screen.show(noticeView('Top up', complaint)));
      });
    },
  },
];

/** All that a message says: cards say most of it in their blocks. */
function textOf(message: { text?: string; blocks?: unknown }): string {
  const inBlocks = JSON.stringify(message.blocks ?? '').match(/"text":"(?:[^"\\]|\\.)*"/g) ?? [];
  return [message.text ?? '', ...inBlocks.map((each) => each.slice('"text":"'.length, -1))].join(
    ' ',
  );
}
