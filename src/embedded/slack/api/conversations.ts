import { z } from 'zod';
import { botIsIn, channelSeen, directChannel, findChannel, wireChannel } from '../conversations.ts';
import { slackId } from '../ids.ts';
import { wireMessage } from '../messages.ts';
import type { Channel, Message } from '../model.ts';
import type { Office } from '../office.ts';
import {
  count,
  done,
  flag,
  id,
  method,
  pageOf,
  paging,
  refused,
  text,
  type Answer,
} from './method.ts';

function inChannel(office: Office, reference: string, run: (channel: Channel) => Answer): Answer {
  const channel = channelSeen(office, reference);
  return channel ? run(channel) : refused('channel_not_found');
}

const list = method(
  z.strictObject({
    ...paging,
    types: text.optional(),
    exclude_archived: flag.optional(),
  }),
  (office, given) => {
    const types = (given.types ?? 'public_channel').split(',').map((type) => type.trim());
    const channels = [...office.channels.values()].filter((channel) =>
      types.includes(channel.personId ? 'im' : 'public_channel'),
    );
    const page = pageOf(channels, given);
    return page
      ? done({
          channels: page.items.map((channel) => wireChannel(office, channel)),
          response_metadata: { next_cursor: page.next },
        })
      : refused('invalid_cursor');
  },
);

const info = method(
  z.strictObject({
    channel: id,
    include_locale: flag.optional(),
    include_num_members: flag.optional(),
  }),
  (office, given) =>
    inChannel(office, given.channel, (channel) => done({ channel: wireChannel(office, channel) })),
);

const open = method(
  z.strictObject({
    users: text.optional(),
    channel: text.optional(),
    return_im: flag.optional(),
    prevent_creation: flag.optional(),
  }),
  (office, given) => {
    if (given.channel !== undefined) {
      return inChannel(office, given.channel, (channel) =>
        done({ channel: wireChannel(office, channel) }),
      );
    }
    const ids = (given.users ?? '').split(',').filter(Boolean);
    if (ids.length !== 1) {
      return refused(ids.length === 0 ? 'users_list_not_supplied' : 'method_not_supported');
    }
    const person = office.people.get(ids[0] ?? '');
    if (!person || person.isBot) {
      return refused(person ? 'cannot_dm_bot' : 'user_not_found');
    }
    if (person.deactivated === true) {
      return refused('user_disabled');
    }
    const channel = directChannel(office, person);
    return done({
      channel: given.return_im ? wireChannel(office, channel) : { id: channel.id },
    });
  },
);

const members = method(z.strictObject({ channel: id, ...paging }), (office, given) =>
  inChannel(office, given.channel, (channel) => {
    const page = pageOf(channel.members, given);
    return page
      ? done({ members: page.items, response_metadata: { next_cursor: page.next } })
      : refused('invalid_cursor');
  }),
);

const join = method(z.strictObject({ channel: id }), (office, given) =>
  inChannel(office, given.channel, (channel) => {
    if (channel.personId) {
      return refused('method_not_supported_for_channel_type');
    }
    const already = botIsIn(office, channel);
    if (!already) {
      channel.members.push(office.settings.bot.userId);
      office.save();
    }
    return done({
      channel: wireChannel(office, channel),
      ...(already && { warning: 'already_in_channel' }),
    });
  }),
);

function archiving(isArchived: boolean) {
  return method(z.strictObject({ channel: id }), (office, given) =>
    inChannel(office, given.channel, (channel) => {
      if (channel.personId) {
        return refused('method_not_supported_for_channel_type');
      }
      if ((channel.isArchived ?? false) === isArchived) {
        return refused(isArchived ? 'already_archived' : 'not_archived');
      }
      channel.isArchived = isArchived;
      office.save();
      return done({});
    }),
  );
}

// Slack's own rule for names of channels.
const CHANNEL_NAME = /^[a-z0-9_-]{1,80}$/;

const create = method(
  z.strictObject({ name: id, is_private: flag.optional() }),
  (office, given) => {
    if (!CHANNEL_NAME.test(given.name)) {
      return refused('invalid_name_specials');
    }
    if (findChannel(office, given.name)) {
      return refused('name_taken');
    }
    const channel: Channel = {
      id: slackId('C'),
      name: given.name,
      ...(given.is_private === true && { isPrivate: true }),
      topic: '',
      members: [...office.people.keys()].filter((user) => user !== 'USLACKBOT'),
      created: Math.floor(office.now() / 1000),
    };
    office.channels.set(channel.id, channel);
    office.save();
    office.changes.tell({ kind: 'message', channel: channel.id });
    return done({ channel: wireChannel(office, channel) });
  },
);

const span = {
  channel: id,
  ...paging,
  oldest: text.optional(),
  latest: text.optional(),
  inclusive: flag.optional(),
  include_all_metadata: flag.optional(),
};

type Span = {
  oldest?: string | undefined;
  latest?: string | undefined;
  inclusive?: boolean | undefined;
};

/** Compares as text: `ts` has a fixed number of digits. */
function isWithin(message: Message, given: Span): boolean {
  const { ts } = message;
  const { oldest = '', latest = '\uFFFF', inclusive = false } = given;
  return (ts > oldest && ts < latest) || (inclusive && (ts === oldest || ts === latest));
}

function visible(office: Office, channel: Channel): Message[] {
  const all = office.messages.get(channel.id) ?? [];
  return all.filter((message) => message.ephemeralFor === undefined);
}

const history = method(z.strictObject(span), (office, given) =>
  inChannel(office, given.channel, (channel) => {
    if (!botIsIn(office, channel)) {
      return refused('not_in_channel');
    }
    const messages = visible(office, channel)
      .filter((message) => message.threadTs === undefined && isWithin(message, given))
      .toReversed();
    const page = pageOf(messages, given);
    return page
      ? done({
          messages: page.items.map((message) => wireMessage(office, message)),
          has_more: page.next !== '',
          response_metadata: { next_cursor: page.next },
        })
      : refused('invalid_cursor');
  }),
);

const replies = method(
  z.strictObject({ ...span, ts: id, count: count.optional() }),
  (office, given) =>
    inChannel(office, given.channel, (channel) => {
      const thread = visible(office, channel).filter(
        (message) => message.ts === given.ts || message.threadTs === given.ts,
      );
      if (thread.length === 0) {
        return refused('thread_not_found');
      }
      const page = pageOf(
        thread.filter((message) => isWithin(message, given)),
        given,
      );
      return page
        ? done({
            messages: page.items.map((message) => wireMessage(office, message)),
            has_more: page.next !== '',
            response_metadata: { next_cursor: page.next },
          })
        : refused('invalid_cursor');
    }),
);

export const conversationMethods = {
  'conversations.list': list,
  'conversations.info': info,
  'conversations.open': open,
  'conversations.members': members,
  'conversations.join': join,
  'conversations.create': create,
  'conversations.archive': archiving(true),
  'conversations.unarchive': archiving(false),
  'conversations.history': history,
  'conversations.replies': replies,
};
