import type { Call } from '../call.ts';

/**
 * What the words behind a name ask for: to look, or to change something, which takes a manager. Who is none is told so.
 */
export async function wishIn(
  call: Call,
  words: Readonly<Record<string, unknown>>,
): Promise<'look' | 'change' | 'refused'> {
  if (Object.keys(words).length === 0) {
    return 'look';
  }
  const complaint = await call.bot.roles.complaint(call.userId, 'manager');
  if (complaint === undefined) {
    return 'change';
  }
  await call.reply(complaint);
  return 'refused';
}
