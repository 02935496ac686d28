import { z } from 'zod';
import { checkMessageBlocks, type Checked } from '../blocks/check.ts';
import { addressee, botIsIn, channelSeen } from '../conversations.ts';
import { MESSAGE_ATTACHMENTS_MAX, MESSAGE_TEXT_MAX } from '../limits.ts';
import { edit, findMessage, permalink, post, remove, wireMessage } from '../messages.ts';
import type { Block } from '../model.ts';
import type { Office } from '../office.ts';
import { NOT_JSON, done, flag, id, json, method, refused, text, type Answer } from './method.ts';

const content = {
  text: text.optional(),
  blocks: json.optional(),
  attachments: json.optional(),
  metadata: json.optional(),
  link_names: flag.optional(),
  parse: text.optional(),
  mrkdwn: flag.optional(),
  as_user: flag.optional(),
  markdown_text: text.optional(),
};

const look = {
  username: text.optional(),
  icon_emoji: text.optional(),
  icon_url: text.optional(),
};

function no(answer: Answer): { ok: false; answer: Answer } {
  return { ok: false, answer };
}

export type Content = {
  text?: string | undefined;
  markdown_text?: string | undefined;
  blocks?: unknown;
  attachments?: unknown;
};

/** Blocks and text of a message, checked; or the refusal. */
export function checkedContent(
  given: Content,
):
  | { ok: true; text: string; blocks?: Block[]; attachments?: unknown[] }
  | { ok: false; answer: Answer } {
  const said = given.text ?? given.markdown_text ?? '';
  if (said.length > MESSAGE_TEXT_MAX) {
    return no(refused('msg_too_long'));
  }
  if (given.blocks === NOT_JSON || given.attachments === NOT_JSON) {
    return no(refused(given.blocks === NOT_JSON ? 'invalid_blocks_format' : 'invalid_attachments'));
  }
  const attachments = (given.attachments ?? undefined) as unknown[] | undefined;
  if (attachments !== undefined && !Array.isArray(attachments)) {
    return no(refused('invalid_attachments'));
  }
  if ((attachments?.length ?? 0) > MESSAGE_ATTACHMENTS_MAX) {
    return no(refused('too_many_attachments'));
  }
  const checked = checkMessageBlocks(given.blocks ?? []);
  if (!checked.ok) {
    return no(refused(checked.error, checked.messages));
  }
  const attached = attachments?.map(checkAttachment).find((one) => !one.ok);
  if (attached && !attached.ok) {
    return no(refused(attached.error, attached.messages));
  }
  return {
    ok: true,
    text: said,
    ...(given.blocks !== undefined && given.blocks !== null && { blocks: checked.value }),
    ...(attachments && { attachments }),
  };
}

function checkAttachment(attachment: unknown, index: number): Checked<Block[]> {
  const blocks = (attachment as { blocks?: unknown } | null)?.blocks ?? [];
  return checkMessageBlocks(blocks, `/attachments/${index}/blocks`);
}

const metadataShape = z.strictObject({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

function metadataFault(metadata: unknown): Answer | undefined {
  return metadata === undefined || metadataShape.safeParse(metadata).success
    ? undefined
    : refused('invalid_metadata_format');
}

type Accepted = Extract<ReturnType<typeof checkedContent>, { ok: true }>;

function isEmpty(given: Accepted): boolean {
  return given.text === '' && !given.blocks?.length && !given.attachments?.length;
}

const postMessage = method(
  z.strictObject({
    channel: id,
    ...content,
    ...look,
    thread_ts: text.optional(),
    reply_broadcast: flag.optional(),
    unfurl_links: flag.optional(),
    unfurl_media: flag.optional(),
  }),
  (office, given) => {
    const channel = addressee(office, given.channel);
    if (!channel) {
      return refused('channel_not_found');
    }
    if (channel.isArchived === true) {
      return refused('is_archived');
    }
    if (!botIsIn(office, channel)) {
      return refused('not_in_channel');
    }
    const checked = checkedContent(given);
    if (!checked.ok) {
      return checked.answer;
    }
    if (isEmpty(checked)) {
      return refused('no_text');
    }
    const fault = metadataFault(given.metadata);
    if (fault) {
      return fault;
    }
    if (given.thread_ts && !findMessage(office, channel.id, given.thread_ts)) {
      return refused('thread_not_found');
    }
    const message = post(office, {
      ...checked,
      channel: channel.id,
      user: office.settings.bot.userId,
      fromBot: true,
      threadTs: given.thread_ts,
      username: given.username,
      metadata: given.metadata,
    });
    return done({ channel: channel.id, ts: message.ts, message: wireMessage(office, message) });
  },
);

const postEphemeral = method(
  z.strictObject({ channel: id, user: id, ...content, ...look, thread_ts: text.optional() }),
  (office, given) => {
    const channel = channelSeen(office, given.channel);
    if (!channel) {
      return refused('channel_not_found');
    }
    if (!botIsIn(office, channel)) {
      return refused('not_in_channel');
    }
    if (!channel.members.includes(given.user)) {
      return refused('user_not_in_channel');
    }
    const checked = checkedContent(given);
    if (!checked.ok) {
      return checked.answer;
    }
    if (isEmpty(checked)) {
      return refused('no_text');
    }
    const message = post(office, {
      ...checked,
      channel: channel.id,
      user: office.settings.bot.userId,
      fromBot: true,
      ephemeralFor: given.user,
      threadTs: given.thread_ts,
      username: given.username,
    });
    return done({ message_ts: message.ts });
  },
);

/** The bot's own message, which it may change; ephemeral ones can't be reached by methods. */
function own(office: Office, channelId: string, ts: string, verb: string) {
  const channel = channelSeen(office, channelId);
  if (!channel) {
    return { ok: false as const, answer: refused('channel_not_found') };
  }
  if (channel.isArchived === true) {
    return { ok: false as const, answer: refused('is_inactive') };
  }
  const message = findMessage(office, channel.id, ts);
  if (!message || message.ephemeralFor !== undefined) {
    return { ok: false as const, answer: refused('message_not_found') };
  }
  if (!message.fromBot) {
    return { ok: false as const, answer: refused(`cant_${verb}_message`) };
  }
  return { ok: true as const, message };
}

const update = method(
  z.strictObject({
    channel: id,
    ts: id,
    ...content,
    reply_broadcast: flag.optional(),
    file_ids: json.optional(),
  }),
  (office, given) => {
    const found = own(office, given.channel, given.ts, 'update');
    if (!found.ok) {
      return found.answer;
    }
    const checked = checkedContent(given);
    if (!checked.ok) {
      return checked.answer;
    }
    const fault = metadataFault(given.metadata);
    if (fault) {
      return fault;
    }
    if (isEmpty(checked) && checked.blocks === undefined && checked.attachments === undefined) {
      return refused('no_text');
    }
    const { message } = found;
    const said = given.text ?? given.markdown_text;
    edit(office, message, {
      ...(said !== undefined && { text: said }),
      ...(checked.blocks && { blocks: checked.blocks }),
      ...(checked.attachments && { attachments: checked.attachments }),
      ...(given.metadata !== undefined && { metadata: given.metadata }),
    });
    return done({
      channel: message.channel,
      ts: message.ts,
      text: message.text,
      message: wireMessage(office, message),
    });
  },
);

const deleteMessage = method(
  z.strictObject({ channel: id, ts: id, as_user: flag.optional() }),
  (office, given) => {
    const found = own(office, given.channel, given.ts, 'delete');
    if (!found.ok) {
      return found.answer;
    }
    remove(office, found.message);
    return done({ channel: found.message.channel, ts: found.message.ts });
  },
);

const getPermalink = method(z.strictObject({ channel: id, message_ts: id }), (office, given) => {
  const channel = channelSeen(office, given.channel);
  const message = channel && findMessage(office, channel.id, given.message_ts);
  if (!channel || !message) {
    return refused(channel ? 'message_not_found' : 'channel_not_found');
  }
  return done({ channel: channel.id, permalink: permalink(office, message) });
});

export const chatMethods = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': deleteMessage,
  'chat.getPermalink': getPermalink,
};
