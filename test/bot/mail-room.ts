// Senders of posts in a workspace, without a bot, in a time that the test sets.

import { deliverPosts } from '../../src/bot/posts/deliver.ts';
import type { Mail } from '../../src/bot/posts/mail.ts';
import type { RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { startWorkspace } from '../../src/embedded/slack/workspace.ts';
import type { Stores } from '../../src/core/stores.ts';
import { MINUTE_MS } from '../../src/core/time.ts';
import { mailTo } from '../support/mail.ts';
import { createStores, textOf } from './bot-for-tests.ts';
import { givenTeam } from './person.ts';

type Kept = Omit<Awaited<ReturnType<typeof createStores>>, 'stores'>;

export interface MailRoom extends Kept {
  readonly workspace: RunningWorkspace;
  /** Their clock is that of the room. */
  readonly stores: Stores;
  readonly mail: Mail;
  now(): number;
  setNow(nowMs: number): void;
  /** Lets senders do all that can be done at this moment. */
  sayAll(by?: Mail): Promise<void>;
  /** Senders go on through so many minutes. */
  pass(minutes: number): Promise<void>;
  /** A new channel that the bot is in. */
  channel(name: string): Promise<string>;
  /** A team with a channel of its own, where its creation is told already. */
  team(wish?: {
    credits?: string;
    organizationId?: string;
  }): Promise<{ id: string; channelId: string }>;
  /** All text in a channel, a message each. */
  said(channel: string): string[];
  /** The conversation of the bot with a person. */
  conversationWith(userId: string): Promise<string>;
  close(): Promise<void>;
}

export async function createMailRoom(startMs = Date.now()): Promise<MailRoom> {
  let nowMs = startMs;
  let teams = 0;
  const now = () => nowMs;
  const [kept, workspace] = await Promise.all([createStores(), startWorkspace({ port: 0, now })]);
  const stores: Stores = { ...kept.stores, clock: now };
  const mail = mailTo(workspace, stores);
  const sayAll = async (by: Mail = mail): Promise<void> => {
    while ((await deliverPosts(by)) > 0) {
      // Each turn says one message for each place.
    }
  };
  const channelOf = async (name: string): Promise<string> => {
    const { channel } = await mail.client.conversations.create({ name });
    const id = channel?.id ?? '';
    await mail.client.conversations.join({ channel: id });
    return id;
  };
  return {
    ...kept,
    workspace,
    stores,
    mail,
    now,
    setNow: (at) => {
      nowMs = at;
    },
    sayAll,
    async pass(minutes) {
      for (let minute = 0; minute < minutes; minute += 1) {
        nowMs += MINUTE_MS;
        await sayAll();
      }
    },
    channel: channelOf,
    async team(wish = {}) {
      teams += 1;
      const id = `acme-${teams}`;
      const channelId = await channelOf(`customer-${teams}`);
      await givenTeam({ stores }, id, { channelId, ...wish });
      await sayAll();
      return { id, channelId };
    },
    said: (channel) => workspace.control.messages({ channel }).map((message) => textOf(message)),
    async conversationWith(userId) {
      const { channel } = await mail.client.conversations.open({ users: userId });
      return channel?.id ?? '';
    },
    async close() {
      await workspace.close();
      await kept.close();
    },
  };
}
