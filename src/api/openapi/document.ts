// OpenAPI 3.1 from the route tables: what validates is what is documented.

import type { z } from 'zod';
import { REFUSALS } from '../../core/refusals.ts';
import type { Dialect, Route } from '../dialect.ts';
import { fieldsIn, isNeeded, jsonSchemaOf, readsNothing } from './schema.ts';
import type { JsonSchema } from './schema.ts';
import TRIED from './examples.json' with { type: 'json' };

const VERSION = '3.1.1';

/** A request that was sent, and how it was answered; a test sends each of them again. */
interface Tried {
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: unknown;
}

/** A route of another door on the same port, described here so that one document has them all. */
export interface RouteElsewhere {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly streams?: boolean;
}

/** The document of all dialects, and of what clients call with a virtual key. */
export function openApiDocument(
  dialects: readonly Dialect[],
  publicUrl: string,
  elsewhere: readonly RouteElsewhere[] = [],
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const dialect of dialects) {
    for (const route of dialect.routes) {
      const [method, path] = route;
      const place = templateOf(path);
      paths[place] = { ...paths[place], [method.toLowerCase()]: operationOf(dialect, route) };
    }
  }
  for (const route of elsewhere) {
    const place = templateOf(route.path);
    paths[place] = { ...paths[place], [route.method.toLowerCase()]: operationElsewhere(route) };
  }
  return {
    openapi: VERSION,
    info: {
      title: 'Quartermaster',
      version: '1',
      description:
        'Organizations, teams, keys, credits, budgets and limits. Every route needs a key; which role it needs stands with it.',
    },
    servers: [{ url: publicUrl }],
    security: [{ bearer: [] }, { adminKey: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The admin key, a JWT, or a virtual key.',
        },
        adminKey: { type: 'apiKey', in: 'header', name: 'X-Admin-Key' },
      },
      schemas: Object.fromEntries(
        dialects.map(({ name, refusalSchema }) => [`${name}_refusal`, refusalSchema]),
      ),
    },
  };
}

/** `/api/teams/:id` → `/api/teams/{id}`. */
export function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function operationOf(dialect: Dialect, [method, path, endpoint]: Route): JsonSchema {
  const { summary, action, body, query, told } = endpoint;
  const tried = (TRIED as Readonly<Record<string, Tried>>)[`${method} ${path}`];
  const passes = endpoint.isOwn !== true && dialect.passesUnknown.includes('body');
  return {
    operationId: operationIdOf(method, path),
    tags: [dialect.title],
    summary,
    'x-action': action,
    // Who signs in has nothing to show yet.
    ...(action === 'session.open' ? { security: [] } : {}),
    parameters: [
      ...inPath(path, tried?.url),
      ...(fieldsIn(query) ?? []).map(([name, field]) => ({
        name,
        in: 'query',
        required: isNeeded(field),
        schema: jsonSchemaOf(field, 'input'),
        ...exampleOf(tried?.query?.[name]),
      })),
      ...(method === 'GET' ? [] : [IDEMPOTENCY_KEY]),
      ...(method === 'GET' || endpoint.versioned === undefined ? [] : [IF_MATCH]),
    ],
    ...(readsNothing(body)
      ? {}
      : {
          requestBody: {
            required: isNeeded(body),
            content: {
              'application/json': {
                schema: jsonSchemaOf(body, 'input', passes),
                ...exampleOf(tried?.body),
              },
            },
          },
        }),
    responses: {
      200: {
        description: 'Done.',
        ...(endpoint.versioned === undefined ? {} : { headers: { ETag: ETAG } }),
        content: endpoint.files
          ? filesOf(endpoint.files)
          : {
              'application/json': {
                schema: jsonSchemaOf(told, 'output'),
                ...exampleOf(tried?.answer),
              },
            },
      },
      ...refusalsOf(dialect, statusesOf(dialect, [method, path, endpoint])),
    },
  };
}

/** With what a route may say no: what can't come is not documented. */
function statusesOf(dialect: Dialect, [method, path, endpoint]: Route): readonly number[] {
  const { action, body, query, target, isOwn, missing, refusals = [] } = endpoint;
  const isOpen = action === 'session.open';
  const namesRows = missing === undefined && (target === 'rows' || path.includes('/:'));
  const isChange = method !== 'GET';
  const isKept = isChange && !isOpen;
  const isStrict = isOwn === true || !dialect.passesUnknown.includes('query');
  const isShaped = isStrict || !readsNothing(body) || (fieldsIn(query) ?? []).length > 0;
  return [
    400,
    // A key may be one that is used from elsewhere than it may be.
    ...(isOpen ? [] : [401, 403]),
    ...(namesRows ? [404] : []),
    ...(isKept ? [409] : []),
    ...(isChange && endpoint.versioned !== undefined ? [412] : []),
    ...(isChange ? [413] : []),
    ...(isShaped || isKept ? [422] : []),
    500,
    503,
    ...refusals.map((code) => REFUSALS[code].status),
  ];
}

function filesOf(types: readonly string[]): JsonSchema {
  return Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]));
}

function operationIdOf(method: string, path: string): string {
  return `${method.toLowerCase()}${path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`;
}

function inPath(path: string, url?: string): readonly JsonSchema[] {
  const schema = { type: 'string' };
  const given = url?.split('/') ?? [];
  return path
    .split('/')
    .flatMap((part, at) =>
      part.startsWith(':')
        ? [{ name: part.slice(1), in: 'path', required: true, schema, ...exampleOf(given[at]) }]
        : [],
    );
}

/** What may go wrong with a call of a model, beside what may with any request. */
const OF_CALLS = [429, 502, 504];

function operationElsewhere({ method, path, summary, body, streams }: RouteElsewhere): JsonSchema {
  const isKept = method !== 'GET' && streams !== true;
  const kind = streams === true ? 'text/event-stream' : 'application/json';
  const schema = streams === true ? { type: 'string' } : { type: 'object' };
  return {
    operationId: operationIdOf(method, path),
    tags: ['Jobs of clients'],
    summary,
    'x-action': 'a virtual key, of its own team alone',
    security: [{ bearer: [] }],
    parameters: [...inPath(path), ...(isKept ? [IDEMPOTENCY_KEY] : [])],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchemaOf(body, 'input', true) } },
          },
        }),
    responses: {
      200: { description: 'Done.', content: { [kind]: { schema } } },
      ...refusalsOf({ name: 'saas' }, [
        ...OF_CLIENTS,
        ...(method === 'GET' ? [] : OF_CHANGES),
        ...OF_CALLS,
      ]),
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body get the first answer again, and nothing is done twice.',
  schema: { type: 'string', maxLength: 255, pattern: '^[ -~]+$' },
};

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'The ETag of the answer that the change was thought of; a later state is refused.',
  schema: { type: 'string' },
};

const ETAG = {
  description: 'The version that was read, or that the change left: for If-Match of the next one.',
  schema: { type: 'string' },
};

function exampleOf(value: unknown): JsonSchema {
  return value === undefined ? {} : { example: value };
}

/** With what any route of clients may say no. */
const OF_CLIENTS = [400, 401, 403, 404, 422, 500, 503];
/** A change may meet what forbids it, and a body may be too large. */
const OF_CHANGES = [409, 412, 413];

const REASONS: Readonly<Record<number, string>> = {
  400: 'Not acceptable.',
  401: 'No key, or not a known one.',
  403: 'Not allowed.',
  404: 'Not there.',
  409: 'Something forbids it at the moment.',
  410: 'Gone.',
  412: 'Changed meanwhile.',
  413: 'Too large.',
  422: 'Not of the documented shape.',
  429: 'Too much at once.',
  500: 'A mistake of ours.',
  502: 'The provider failed.',
  503: 'A part is away for the moment.',
  504: 'The provider took too long.',
};

function refusalsOf(dialect: Pick<Dialect, 'name'>, statuses: readonly number[]): JsonSchema {
  const schema = { $ref: `#/components/schemas/${dialect.name}_refusal` };
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => [
      status,
      { description: REASONS[status] ?? 'No.', content: { 'application/json': { schema } } },
    ]),
  );
}
