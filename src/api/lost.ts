import { refuse } from '../core/refusals.ts';
import { answerOf } from './answer.ts';
import type { Answer } from './answer.ts';
import { methodsAt } from './route-table.ts';
import type { Place } from './route-table.ts';

/** A path in an answer is an echo; a page of it helps nobody. */
const LONGEST_ECHO = 200;

/** 404 for a path that leads nowhere, 405 for one that takes other methods. */
export function lost(places: readonly Place[], method: string, url: string): Answer {
  const pathname = url.split('?', 1)[0] ?? '';
  // A link's secret is not to be repeated, whoever mistyped the rest.
  const path = pathname.startsWith('/reveal/') ? '/reveal/…' : pathname.slice(0, LONGEST_ECHO);
  const allowed = methodsAt(places, pathname).join(', ');
  if (allowed === '') {
    return answerOf(refuse('route_unknown', { method, path }));
  }
  const answer = answerOf(refuse('method_not_allowed', { method, path, allowed }));
  return { ...answer, headers: { allow: allowed } };
}
