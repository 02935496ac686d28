import { z } from 'zod';
import { addressee, botIsIn } from '../conversations.ts';
import { secret, slackId } from '../ids.ts';
import { UPLOAD_BYTES_MAX } from '../limits.ts';
import { post, wireFile } from '../messages.ts';
import type { Office } from '../office.ts';
import { NOT_JSON, count, done, id, json, method, refused, text } from './method.ts';
import { checkedContent } from './chat.ts';

/** Of the types people attach; anything else is offered for download. */
const MIME_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  pdf: 'application/pdf',
};

function mimeType(name: string): string {
  return MIME_TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

const getUploadUrl = method(
  z.strictObject({
    filename: id,
    length: count,
    alt_text: text.optional(),
    alt_txt: text.optional(),
    snippet_type: text.optional(),
  }),
  (office, given) => {
    if (given.length > UPLOAD_BYTES_MAX) {
      return refused('file_upload_size_restricted');
    }
    const fileId = slackId('F');
    const file = {
      id: fileId,
      name: given.filename,
      title: given.filename,
      mimetype: mimeType(given.filename),
      size: given.length,
      altText: given.alt_text ?? given.alt_txt ?? '',
      path: `/files/${secret()}/${encodeURIComponent(given.filename)}`,
    };
    const entry = { file, bytes: Buffer.alloc(0), uploadedBy: office.settings.bot.userId };
    office.files.set(fileId, entry);
    return done({ upload_url: `${office.url}${file.path}`, file_id: fileId });
  },
);

const listed = z
  .array(z.strictObject({ id, title: text.optional(), highlight_type: text.optional() }))
  .min(1);

const complete = method(
  z.strictObject({
    files: json,
    channel_id: text.optional(),
    channels: text.optional(),
    thread_ts: text.optional(),
    initial_comment: text.optional(),
    blocks: json.optional(),
  }),
  (office, given) => {
    const files = listed.safeParse(given.files === NOT_JSON ? undefined : given.files);
    if (!files.success) {
      return refused('invalid_arguments', ['[ERROR] files must name the uploaded files']);
    }
    const found = files.data.map((one) => ({ one, entry: office.files.get(one.id) }));
    if (found.some(({ entry }) => !entry || entry.bytes.length === 0)) {
      return refused('file_not_found');
    }
    const shared = found.flatMap(({ one, entry }) =>
      entry ? [{ ...entry.file, title: one.title ?? entry.file.title }] : [],
    );
    const target = given.channel_id ?? given.channels?.split(',')[0];
    if (target !== undefined) {
      const answer = share(office, target, shared, given);
      if (!answer.ok) {
        return answer;
      }
    }
    return done({ files: shared.map((file) => wireFile(office, file)) });
  },
);

function share(
  office: Office,
  target: string,
  files: Parameters<typeof wireFile>[1][],
  given: {
    initial_comment?: string | undefined;
    blocks?: unknown;
    thread_ts?: string | undefined;
  },
) {
  const channel = addressee(office, target);
  if (!channel) {
    return refused('channel_not_found');
  }
  if (!botIsIn(office, channel)) {
    return refused('not_in_channel');
  }
  const checked = checkedContent({ text: given.initial_comment, blocks: given.blocks });
  if (!checked.ok) {
    return checked.answer;
  }
  post(office, {
    ...checked,
    channel: channel.id,
    user: office.settings.bot.userId,
    fromBot: true,
    threadTs: given.thread_ts,
    files,
  });
  return done();
}

export const fileMethods = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': complete,
};
