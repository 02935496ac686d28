// Showing usage, the same for teams, organizations, keys and people.

import type { UsageDimension, UsageScope } from '../core/usage/usage-range.ts';
import { scopeName, usageMessage, usageSentSpeech } from './blocks/usage.ts';
import type { Call } from './call.ts';
import { sendFile } from './files.ts';
import type { FileToSend } from './files.ts';
import { usageCsv } from './usage-csv.ts';
import { readUsage } from './usage-reading.ts';
import type { UsageRange, UsageReading } from './usage-reading.ts';

export interface UsageWish {
  readonly range?: UsageRange | undefined;
  readonly by?: UsageDimension | undefined;
  /** How it is told: in a message, or as a file. */
  readonly as?: 'message' | 'csv' | 'picture' | undefined;
}

/** Answers with the usage of somebody who exists. */
export async function tellUsage(
  call: Call,
  scope: UsageScope,
  { range = '14d', by, as = 'message' }: UsageWish,
): Promise<void> {
  const first = scope.kind === 'organization' ? 'team' : 'model';
  const reading = await readUsage(call.bot.stores, scope, { range, by: by ?? first });
  if (as === 'message') {
    await call.reply(usageMessage(reading));
    return;
  }
  const file = await fileOf(reading, as);
  await sendFile(call.bot, call.userId, file);
  await call.reply(usageSentSpeech(reading, file.name));
}

async function fileOf(reading: UsageReading, as: 'csv' | 'picture'): Promise<FileToSend> {
  const name = `usage-${scopeName(reading.scope)}-${reading.range}-to-${reading.until}`;
  const title = `Usage of ${scopeName(reading.scope)}`;
  if (as === 'csv') {
    return { name: `${name}.csv`, title, content: Buffer.from(usageCsv(reading)) };
  }
  // Drawing needs a library of some size, and not before somebody asks for a picture.
  const { usagePicture } = await import('./charts/usage-picture.ts');
  const { png, altText } = usagePicture(reading);
  return { name: `${name}.png`, title, content: png, altText };
}
