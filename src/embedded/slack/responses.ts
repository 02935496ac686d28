import { z } from 'zod';
import { checkedContent } from './api/chat.ts';
import { flag, text } from './api/method.ts';
import { edit, findMessage, post, remove } from './messages.ts';
import type { Message } from './model.ts';
import type { Office } from './office.ts';
import type { ResponsePass } from './passes.ts';

/** What an app answers to a command or a click, at once or later by the response address. */

const answer = z.strictObject({
  text: text.optional(),
  blocks: z.unknown().optional(),
  attachments: z.unknown().optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: flag.optional(),
  delete_original: flag.optional(),
  thread_ts: text.optional(),
  mrkdwn: flag.optional(),
  unfurl_links: flag.optional(),
  unfurl_media: flag.optional(),
  metadata: z.unknown().optional(),
});

export type Applied =
  | { ok: true; message?: Message }
  | { ok: false; error: string; messages: readonly string[] };

/** Shows an answer: as a new message, or in place of the one it answers. */
export function applyAnswer(office: Office, pass: ResponsePass, given: unknown): Applied {
  const parsed = answer.safeParse(given);
  if (!parsed.success) {
    const messages = parsed.error.issues.map((issue) => `[ERROR] ${issue.message}`);
    return { ok: false, error: 'invalid_payload', messages };
  }
  const said = parsed.data;
  const original = pass.messageTs ? findMessage(office, pass.channel, pass.messageTs) : undefined;
  if (said.delete_original) {
    if (original) {
      remove(office, original);
    }
    return { ok: true };
  }
  const checked = checkedContent(said);
  if (!checked.ok) {
    const { error = 'invalid_blocks', errors } = checked.answer;
    return { ok: false, error, messages: (errors as string[] | undefined) ?? [] };
  }
  if (checked.text === '' && !checked.blocks?.length && !checked.attachments?.length) {
    return { ok: false, error: 'no_text', messages: [] };
  }
  if (said.replace_original && original) {
    edit(office, original, { ...checked, blocks: checked.blocks ?? [] });
    return { ok: true, message: original };
  }
  const message = post(office, {
    ...checked,
    channel: pass.channel,
    user: office.settings.bot.userId,
    fromBot: true,
    threadTs: said.thread_ts ?? original?.threadTs,
    ...(said.response_type !== 'in_channel' && { ephemeralFor: pass.userId }),
  });
  // A command has no message of its own: what was first said to it is what it may replace.
  pass.messageTs ??= message.ts;
  return { ok: true, message };
}
