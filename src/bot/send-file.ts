import type { Call } from './call.ts';

interface SentFile {
  readonly name: string;
  readonly title: string;
  readonly content: string;
}

/** Sends a file to the person alone, in their own conversation with the bot. */
export async function sendFile(call: Call, { name, title, content }: SentFile): Promise<void> {
  const { client } = call.bot;
  const { channel } = await client.conversations.open({ users: call.userId });
  await client.files.uploadV2({
    channel_id: channel?.id ?? call.userId,
    filename: name,
    title,
    file: Buffer.from(content),
  });
}
