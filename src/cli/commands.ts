// Commands out of the API's own description: `POST /api/teams/{id}/suspend` is `teams suspend <team>`. So the
// command line can do what the API can, no more and no less, and never falls behind it.

import type { OpenApi, Operation, Schema } from './document.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Something that a command may be given by name: `--team-id acme-prod`. */
export interface Flag {
  /** As the API calls it. */
  readonly name: string;
  /** As it is typed, without its dashes. */
  readonly typed: string;
  readonly in: 'query' | 'header' | 'body' | 'whole body';
  readonly schema: Schema;
  readonly required: boolean;
}

export interface CommandSpec {
  /** `['teams', 'members', 'add']`. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly method: Method;
  /** With `{…}` where arguments go, in the order of `places`. */
  readonly path: string;
  /** What each argument is called in the help. */
  readonly places: readonly string[];
  readonly flags: readonly Flag[];
  /** Fields of the answer that hold rows. */
  readonly lists: readonly string[];
}

const PREFIX = '/api/';
const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** All commands, sorted by their words. Where two routes would be one command, the first one is it. */
export function commandsOf({ paths }: OpenApi): CommandSpec[] {
  const found = new Map<string, CommandSpec>();
  for (const [path, operations] of Object.entries(paths)) {
    if (!path.startsWith(PREFIX)) {
      continue;
    }
    const methods = METHODS.filter((method) => operations[method.toLowerCase()] !== undefined);
    for (const method of methods) {
      const words = wordsOf(method, path, methods);
      const name = words?.join(' ') ?? '';
      if (words !== undefined && !found.has(name)) {
        found.set(name, specOf(words, method, path, operations[method.toLowerCase()] as Operation));
      }
    }
  }
  return [...found.values()].sort((one, other) =>
    one.words.join(' ').localeCompare(other.words.join(' ')),
  );
}

/** Undefined for a route that another method of the same path stands for. */
function wordsOf(
  method: Method,
  path: string,
  methods: readonly Method[],
): readonly string[] | undefined {
  const parts = path.slice(PREFIX.length).split('/');
  const nouns = parts.filter((part) => !isPlace(part));
  if (isPlace(parts.at(-1) ?? '')) {
    return [...nouns, VERBS_OF_ONE[method]];
  }
  if (method === 'GET') {
    return nouns.length === 1 ? [...nouns, 'list'] : nouns;
  }
  if (!methods.includes('GET')) {
    // The documents know some changes by two methods.
    return method === methods[0] ? nouns : undefined;
  }
  return [...nouns, VERBS_OF_MANY[method]];
}

const VERBS_OF_ONE: Readonly<Record<Method, string>> = {
  GET: 'show',
  POST: 'do',
  PUT: 'update',
  PATCH: 'change',
  DELETE: 'delete',
};

const VERBS_OF_MANY: Readonly<Record<Method, string>> = {
  GET: 'list',
  POST: 'add',
  PUT: 'set',
  PATCH: 'change',
  DELETE: 'clear',
};

function isPlace(part: string): boolean {
  return part.startsWith('{');
}

function specOf(
  words: readonly string[],
  method: Method,
  path: string,
  operation: Operation,
): CommandSpec {
  const parameters = operation.parameters ?? [];
  const asked = operation.requestBody?.content['application/json']?.schema;
  const body = objectIn(asked);
  const needed = new Set(body?.required ?? []);
  const answer = operation.responses?.['200']?.content?.['application/json']?.schema;
  return {
    words,
    summary: operation.summary ?? '',
    method,
    path,
    places: placesOf(path),
    flags: [
      ...parameters.flatMap(({ name, in: where, schema, required = false }) =>
        where === 'query' ? [flagOf(name, where, schema, required)] : [],
      ),
      ...Object.entries(body?.properties ?? {}).map(([name, schema]) =>
        flagOf(name, 'body', schema, needed.has(name)),
      ),
      // A body that is a list has no field to be named by: the path says what is listed.
      ...(asked?.type === 'array' ? [flagOf(words.at(-1) ?? '', 'whole body', asked, true)] : []),
      ...parameters.flatMap(({ name, in: where, schema, description = '' }) =>
        where === 'header' ? [flagOf(name, where, { description, ...schema }, false)] : [],
      ),
    ],
    lists: Object.entries(answer?.properties ?? {}).flatMap(([name, { type, items }]) =>
      type === 'array' && items?.properties !== undefined ? [name] : [],
    ),
  };
}

/** A body that may be left out is an object or null. */
function objectIn(schema: Schema | undefined): Schema | undefined {
  const all = [schema, ...(schema?.anyOf ?? []), ...(schema?.oneOf ?? [])];
  return all.find((one) => one?.properties !== undefined);
}

function flagOf(name: string, where: Flag['in'], schema: Schema, required: boolean): Flag {
  return { name, typed: name.replaceAll('_', '-').toLowerCase(), in: where, schema, required };
}

/** `/api/teams/{id}/members/{user}` has a team and a user. */
function placesOf(path: string): string[] {
  const parts = path.split('/');
  return parts.flatMap((part, at) => {
    if (!isPlace(part)) {
      return [];
    }
    const name = part.slice(1, -1);
    return name === 'id' ? [(parts[at - 1] ?? name).replace(/s$/, '')] : [name];
  });
}
