import { setTimeout as pause } from 'node:timers/promises';
import type { BlockSuggestion } from '@slack/bolt';
import type { PlainTextOption } from '@slack/types';
import { SECOND_MS } from '../core/time.ts';
import type { Bot } from './call.ts';
import { suggestions } from './typeahead.ts';
import { askedBy } from './views/submit-arguments.ts';
import { entered } from './views/state.ts';

/** Slack waits 3 s; half a second is for the way. */
const ANSWER_WITHIN_MS = 2.5 * SECOND_MS;

/**
 * What a menu of a form offers; nothing to who may not look, for names tell, too. Nothing either where looking
 * takes too long: the next letter that is typed asks again, and the form can be sent nevertheless.
 */
export async function suggested(bot: Bot, body: BlockSuggestion): Promise<PlainTextOption[]> {
  const stopwatch = new AbortController();
  const late = pause(ANSWER_WITHIN_MS, [], { signal: stopwatch.signal }).catch(() => []);
  const found = await Promise.race([lookedUp(bot, body), late]);
  stopwatch.abort();
  return found;
}

async function lookedUp(bot: Bot, body: BlockSuggestion): Promise<PlainTextOption[]> {
  const { view } = body;
  const asked = view === undefined ? undefined : askedBy(view);
  const argument = asked?.chosen.arguments.find(({ name }) => name === body.action_id);
  if (view === undefined || asked === undefined || argument === undefined) {
    return [];
  }
  try {
    const { role } = asked.chosen;
    const complaint = await bot.roles.anywhere().complaint(body.user.id, role);
    if (complaint !== undefined) {
      return [];
    }
    const sight = role === 'anyone' ? [] : await bot.roles.sight(body.user.id, role);
    return await suggestions(bot, {
      kind: argument.kind,
      query: body.value,
      team: entered(view, 'team'),
      organization: entered(view, 'org'),
      sight,
      isNew: argument.isNew === true,
      instead: argument.instead,
    });
  } catch (error) {
    // Slack says in the menu that nothing could be loaded; the form can be sent nevertheless.
    bot.log.warn({ err: error }, 'A menu could not be filled');
    return [];
  }
}
