import { refuse } from '../core/refusals.ts';
import { answerOf } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Dialect } from './dialect.ts';
import { matches, methodsAt } from './route-table.ts';
import type { Place } from './route-table.ts';

/** A path in an answer is an echo; a page of it helps nobody. */
const LONGEST_ECHO = 200;

/** 501 for a route that another system has and this one does not, 404 for a path that leads nowhere, 405 for one that takes other methods. */
export function lost(
  places: readonly Place[],
  dialects: readonly Dialect[],
  method: string,
  url: string,
): Answer {
  const pathname = url.split('?', 1)[0] ?? '';
  // A link's secret is not to be repeated, whoever mistyped the rest.
  const path = pathname.startsWith('/reveal/') ? '/reveal/…' : pathname.slice(0, LONGEST_ECHO);
  // What leads somewhere by its very words is no name in another system's path.
  const isOwnPath = places.some((place) => place.path === pathname);
  const notOffered = notOfferedAt(dialects, method, pathname, isOwnPath);
  if (notOffered !== undefined) {
    return notOffered;
  }
  const allowed = methodsAt(places, pathname).join(', ');
  if (allowed === '') {
    return answerOf(refuse('route_unknown', { method, path }));
  }
  const answer = answerOf(refuse('method_not_allowed', { method, path, allowed }));
  return { ...answer, headers: { allow: allowed } };
}

/** `{name}` stands for a part of a path, and `*` at the end for all that follow. */
function isAt(pattern: string, pathname: string): boolean {
  return pattern.endsWith('/*')
    ? pathname.startsWith(pattern.slice(0, -1))
    : matches(pattern.replaceAll(/\{(\w+)\}/g, ':$1'), pathname);
}

/** Told in the words of the dialect whose route it is, with the reason why it is not here. `isExact` passes over patterns. */
function notOfferedAt(
  dialects: readonly Dialect[],
  method: string,
  pathname: string,
  isExact: boolean,
): Answer | undefined {
  for (const dialect of dialects) {
    for (const { what, why } of dialect.notOffered) {
      const [, asked, pattern] = /^([A-Z]+|\*) (\/\S*)$/.exec(what) ?? [];
      const isAsked = asked === '*' || asked === method;
      const isMeant =
        pattern !== undefined && (isExact ? pattern === pathname : isAt(pattern, pathname));
      if (isAsked && isMeant) {
        return dialect.refused(refuse('route_not_offered', { route: what, why }));
      }
    }
  }
  return undefined;
}
