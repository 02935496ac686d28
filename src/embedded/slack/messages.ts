import { shortName } from './ids.ts';
import { MESSAGES_PER_CHANNEL_MAX } from './limits.ts';
import type { Block, Element, Message, SharedFile } from './model.ts';
import type { Office } from './office.ts';

export type NewMessage = {
  channel: string;
  user: string;
  text: string;
  blocks?: Block[];
  attachments?: unknown[];
  fromBot: boolean;
  threadTs?: string | undefined;
  ephemeralFor?: string | undefined;
  username?: string | undefined;
  metadata?: unknown;
  files?: SharedFile[];
};

function nameElement(element: Element): Element {
  return { ...element, action_id: element.action_id ?? shortName() };
}

/** Names what the app left unnamed, as Slack does: a click must be able to say where it was. */
export function named(blocks: readonly Block[]): Block[] {
  return blocks.map(({ elements, accessory, element, ...block }) => ({
    ...block,
    // Blocks arrive as the app sent them, perhaps without an id.
    block_id: (block.block_id as string | undefined) ?? shortName(),
    ...(elements && {
      elements: block.type === 'actions' ? elements.map(nameElement) : elements,
    }),
    ...(accessory && {
      accessory: accessory.type === 'image' ? accessory : nameElement(accessory),
    }),
    ...(element && { element: nameElement(element) }),
  })) as Block[];
}

function namedAttachments(attachments: readonly unknown[]): unknown[] {
  return (attachments as { blocks?: Block[] }[]).map((one) =>
    one.blocks ? { ...one, blocks: named(one.blocks) } : one,
  );
}

/** All blocks of a message, those of its attachments included. */
export function blocksOf(message: Message): Block[] {
  const attached = message.attachments as { blocks?: Block[] }[];
  return [...message.blocks, ...attached.flatMap((one) => one.blocks ?? [])];
}

/** Puts a message into its channel and tells those who look. */
export function post(office: Office, given: NewMessage): Message {
  const message: Message = {
    ts: office.nextStamp(),
    channel: given.channel,
    user: given.user,
    text: given.text,
    blocks: named(given.blocks ?? []),
    attachments: namedAttachments(given.attachments ?? []),
    fromBot: given.fromBot,
    reactions: [],
    files: given.files ?? [],
    ...(given.threadTs !== undefined && { threadTs: given.threadTs }),
    ...(given.ephemeralFor !== undefined && { ephemeralFor: given.ephemeralFor }),
    ...(given.username !== undefined && { username: given.username }),
    ...(given.metadata !== undefined && { metadata: given.metadata }),
  };
  const list = office.messages.get(message.channel) ?? [];
  list.push(message);
  list.splice(0, list.length - MESSAGES_PER_CHANNEL_MAX);
  office.messages.set(message.channel, list);
  changed(office, message);
  return message;
}

export type Edit = { text?: string; blocks?: Block[]; attachments?: unknown[]; metadata?: unknown };

/** Changes a message in place; what the edit doesn't name stays. */
export function edit(office: Office, message: Message, given: Edit): void {
  message.text = given.text ?? message.text;
  message.blocks = given.blocks ? named(given.blocks) : message.blocks;
  message.attachments = given.attachments
    ? namedAttachments(given.attachments)
    : message.attachments;
  if (given.metadata !== undefined) {
    message.metadata = given.metadata;
  }
  message.editedTs = office.nextStamp();
  changed(office, message);
}

export function remove(office: Office, message: Message): void {
  const list = office.messages.get(message.channel) ?? [];
  office.messages.set(
    message.channel,
    list.filter((one) => one !== message),
  );
  changed(office, message);
}

export function findMessage(office: Office, channel: string, ts: string): Message | undefined {
  return office.messages.get(channel)?.find((message) => message.ts === ts);
}

export function changed(office: Office, message: Message): void {
  if (message.ephemeralFor === undefined) {
    office.save();
  }
  office.changes.tell({ kind: 'message', channel: message.channel });
}

/** A message as the Web API and the payloads of clicks carry it. */
export function wireMessage(office: Office, message: Message): Record<string, unknown> {
  const { bot, team } = office.settings;
  const replies = (office.messages.get(message.channel) ?? []).filter(
    (one) => one.threadTs === message.ts && one.ephemeralFor === undefined,
  );
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(message.fromBot && { bot_id: bot.botId, app_id: bot.appId }),
    ...(message.username !== undefined && { username: message.username }),
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.attachments.length > 0 && { attachments: message.attachments }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(replies.length > 0 && { thread_ts: message.ts, reply_count: replies.length }),
    ...(message.editedTs !== undefined && {
      edited: { user: message.user, ts: message.editedTs },
    }),
    ...(message.metadata !== undefined && { metadata: message.metadata }),
    ...(message.reactions.length > 0 && {
      reactions: message.reactions.map((one) => ({ ...one, count: one.users.length })),
    }),
    ...(message.files.length > 0 && { files: message.files.map((one) => wireFile(office, one)) }),
  };
}

export function wireFile(office: Office, file: SharedFile): Record<string, unknown> {
  const address = office.url + file.path;
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    size: file.size,
    alt_txt: file.altText,
    url_private: address,
    url_private_download: address,
    permalink: address,
  };
}

export function permalink(office: Office, message: Message): string {
  return `${office.url}/archives/${message.channel}/p${message.ts.replace('.', '')}`;
}
