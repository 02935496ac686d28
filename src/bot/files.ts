import type { Bot } from './call.ts';

/** A file for one person. */
export interface FileToSend {
  readonly name: string;
  readonly title: string;
  readonly content: Buffer;
  /** What a picture shows; absent of anything else. */
  readonly altText?: string;
}

/** Sends a file to a person in the conversation with the bot: answers for one alone cannot carry files. */
export async function sendFile(
  { client }: Pick<Bot, 'client'>,
  userId: string,
  { name, title, content, altText }: FileToSend,
): Promise<void> {
  const { channel } = await client.conversations.open({ users: userId });
  await client.files.uploadV2({
    channel_id: channel?.id ?? '',
    filename: name,
    title,
    file: content,
    ...(altText === undefined ? {} : { alt_text: altText }),
  });
}
