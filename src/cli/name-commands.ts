// The server says what to do in its own routes; at a terminal that is a command.

import type { CommandSpec } from './commands.ts';

const ROUTE = /\b(GET|POST|PUT|PATCH|DELETE) (\/api\/[\w.~%{}<>/-]*[\w>}])(?:\?([\w=&.~%-]*\w))?/g;

/** The text with a command in place of each route that one stands for. */
export function withCommands(text: string, specs: readonly CommandSpec[]): string {
  return text.replaceAll(ROUTE, (route, method: string, path: string, query = '') => {
    const found = specs
      .filter((spec) => spec.method === method)
      .flatMap((spec) => {
        const words = argumentsIn(spec.path, path);
        return words === undefined ? [] : [{ spec, words }];
      })
      // A route that is named whole goes before one that takes anything there.
      .toSorted((a, b) => a.words.length - b.words.length)[0];
    return found === undefined
      ? route
      : ['`quartermaster', ...found.spec.words, ...found.words, ...flagsIn(String(query))].join(
          ' ',
        ) + '`';
  });
}

/** What stands in the places of a path; undefined where it is another path. */
function argumentsIn(template: string, path: string): string[] | undefined {
  const [wanted, given] = [template.split('/'), path.split('/')];
  const fits =
    wanted.length === given.length &&
    wanted.every((part, at) => part.startsWith('{') || part === given[at]);
  return fits ? given.filter((_, at) => wanted[at]?.startsWith('{')) : undefined;
}

function flagsIn(query: string): string[] {
  return [...new URLSearchParams(query)].flatMap(([name, value]) => [
    `--${name.replaceAll('_', '-')}`,
    value,
  ]);
}
