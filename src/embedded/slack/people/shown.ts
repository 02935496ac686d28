import type { Block, Message } from '../model.ts';
import type { Office } from '../office.ts';
import { wireFile } from '../messages.ts';

/** A message as somebody sees it. */
export type ShownMessage = {
  stamp: string;
  channel: string;
  user: string;
  author: string;
  text: string;
  blocks: Block[];
  attachments: unknown[];
  fromBot: boolean;
  edited: boolean;
  ephemeralFor?: string;
  threadStamp?: string;
  metadata?: unknown;
  reactions: { name: string; users: string[] }[];
  files: Record<string, unknown>[];
};

export function shown(office: Office, message: Message): ShownMessage {
  return structuredClone({
    stamp: message.ts,
    channel: message.channel,
    user: message.user,
    author: message.username ?? office.people.get(message.user)?.name ?? message.user,
    text: message.text,
    blocks: message.blocks,
    attachments: message.attachments,
    fromBot: message.fromBot,
    edited: message.editedTs !== undefined,
    reactions: message.reactions,
    files: message.files.map((file) => wireFile(office, file)),
    ...(message.ephemeralFor !== undefined && { ephemeralFor: message.ephemeralFor }),
    ...(message.threadTs !== undefined && { threadStamp: message.threadTs }),
    ...(message.metadata !== undefined && { metadata: message.metadata }),
  });
}

/** What this person sees in a channel; without a person, what everybody sees. */
export function visibleMessages(office: Office, channelId: string, userId?: string): Message[] {
  return (office.messages.get(channelId) ?? []).filter(
    (message) => message.ephemeralFor === undefined || message.ephemeralFor === userId,
  );
}
