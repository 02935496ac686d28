// The management door. It does not listen: the process that does hands over every request that is not
// a call of a model.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { RevealSettings } from '../config/environment.ts';
import type { RevealGuesses } from '../core/keys/reveal-guesses.ts';
import { STRANGER } from '../core/permission/caller.ts';
import type { Caller } from '../core/permission/caller.ts';
import { may, mayEver, refuseRole } from '../core/permission/permissions.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import { answerOf } from './answer.ts';
import { callerOf } from './authenticate.ts';
import type { Known } from './authenticate.ts';
import { addBoard, BOARD_PLACES } from './board/routes.ts';
import type { BoardParts } from './board/routes.ts';
import type { Dialect, Route } from './dialect.ts';
import { DIALECTS } from './dialects.ts';
import type { RawCall } from './endpoint.ts';
import { answerFault } from './fault.ts';
import { frontPage } from './front-page.ts';
import { HEALTH_PATHS } from './health.ts';
import type { Health } from './health.ts';
import { jsonFrom } from './json-body.ts';
import { lost } from './lost.ts';
import { addMetrics } from './metrics/route.ts';
import type { MetricsParts } from './metrics/route.ts';
import { openApiDocument } from './openapi/document.ts';
import type { RouteElsewhere } from './openapi/document.ts';
import { readForms } from './page/forms.ts';
import { ASSETS } from './reference/assets.ts';
import { addReference, OTHER_ADDRESS } from './reference/routes.ts';
import { sendAnswer, sendPage } from './reply.ts';
import type { Place } from './route-table.ts';
import { createRevealGuard, HOLDING_IS_ENOUGH } from './reveal/guard.ts';
import type { Visitor } from './reveal/guard.ts';
import { openLink, showLink } from './reveal/reveal.ts';
import { SAAS } from './saas/dialect.ts';
import { orUnstorable } from './unstorable.ts';

interface ApiParts
  extends Known, Pick<BoardParts, 'openQueue'>, Pick<MetricsParts, 'processMetrics'> {
  /** Says where a request comes from, as keys are confined to addresses. */
  addressOf(request: IncomingMessage): string;
  /** Where clients and people reach us, without a slash at its end. */
  readonly publicUrl: string;
  readonly log: Logger;
  readonly health: Health;
  /** What links that reveal keys ask for; where absent, holding one is enough. */
  readonly reveal?: { readonly settings: RevealSettings; readonly guesses: RevealGuesses };
  readonly bodyMaxBytes: number;
  /** What else is served on this port, for the documentation. */
  readonly elsewhere?: readonly RouteElsewhere[];
}

export interface Api {
  handler(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Everything that anybody may open. */
const OPEN_ROUTES: readonly Place[] = [
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: OTHER_ADDRESS },
  ...ASSETS.map(({ name }) => ({ method: 'GET', path: `/docs/${name}` })),
  ...Object.keys(HEALTH_PATHS).map((path) => ({ method: 'GET', path })),
  { method: 'GET', path: '/reveal/:secret' },
  { method: 'POST', path: '/reveal/:secret' },
];

const PLACES: readonly Place[] = [
  ...OPEN_ROUTES,
  { method: 'GET', path: '/metrics' },
  ...BOARD_PLACES,
  ...DIALECTS.flatMap(({ routes }) => routes.map(([method, path]) => ({ method, path }))),
];

/** Longer than any id or link, so that a long one is told to be unknown by the route it was meant for. */
const PARAMETER_MAX_LENGTH = 512;

/** Builds the door. */
export async function createApi(parts: ApiParts): Promise<Api> {
  // Fastify's own logging shows URLs, and links that reveal keys are URLs.
  const app = fastify({
    logger: false,
    bodyLimit: parts.bodyMaxBytes,
    routerOptions: { maxParamLength: PARAMETER_MAX_LENGTH },
    frameworkErrors: (_error, _request, reply) => {
      void sendAnswer(reply, answerOf(refuse('request_unreadable')));
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
    jsonFrom(body),
  );
  app.setErrorHandler(async (error, request, reply) =>
    sendAnswer(
      reply,
      // Whatever else is wrong with it: fastify reads a QUERY before it finds that nothing is there.
      request.is404
        ? lost(PLACES, DIALECTS, request.method, request.url)
        : answerFault(parts, SAAS, error, request),
    ),
  );
  app.setNotFoundHandler(async (request, reply) =>
    sendAnswer(reply, lost(PLACES, DIALECTS, request.method, request.url)),
  );
  app.addHook('onResponse', async (request, reply) => {
    const place = { method: request.method, route: request.routeOptions.url ?? null };
    const took = { status: reply.statusCode, tookMs: Math.round(reply.elapsedTime) };
    parts.log.debug({ ...place, ...took }, 'answered');
  });
  addOpenRoutes(app, parts);
  addMetrics(app, parts);
  addBoard(app, { ...parts, clock: parts.stores.clock });
  for (const dialect of DIALECTS) {
    for (const route of dialect.routes) {
      addRoute(app, parts, dialect, route);
    }
  }
  await app.ready();
  return {
    handler: (request, response) => app.routing(request, response),
    close: async () => app.close(),
  };
}

function addRoute(
  app: FastifyInstance,
  parts: ApiParts,
  dialect: Dialect,
  [method, url, endpoint]: Route,
): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method,
    url,
    // Before the body is read: strangers cannot make us read megabytes.
    onRequest: async (request, reply) => {
      const address = parts.addressOf(request.raw);
      const caller = await callerOf(parts, request.headers, { method, path: url }, address);
      if (isRefusal(caller) && may(STRANGER, endpoint.action)) {
        callers.set(request, STRANGER);
        return undefined;
      }
      if (isRefusal(caller)) {
        return sendAnswer(reply, dialect.unauthorized(caller));
      }
      if (!mayEver(caller, endpoint.action)) {
        return sendAnswer(reply, dialect.refused(refuseRole(endpoint.action)));
      }
      callers.set(request, caller);
      return undefined;
    },
    errorHandler: (error, request, reply) => {
      void sendAnswer(reply, answerFault(parts, dialect, error, request));
    },
    handler: async (request, reply) => {
      const caller = callers.get(request);
      if (caller === undefined) {
        throw new Error(`Answering ${method} ${url}: nobody asked who calls`);
      }
      const context = { stores: parts.stores, dialect, caller };
      const raw = rawCallOf(request);
      const told = await orUnstorable(dialect, raw, async () => endpoint.answer(context, raw));
      return sendAnswer(reply, told);
    },
  });
}

function addOpenRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { publicUrl, health, log } = parts;
  const guard =
    parts.reveal === undefined
      ? HOLDING_IS_ENOUGH
      : createRevealGuard(parts.reveal.settings, parts.reveal.guesses);
  const reveal = { stores: parts.stores, guard, publicUrl };
  app.get('/', async (_request, reply) => sendPage(reply, frontPage(publicUrl)));
  const document = openApiDocument(DIALECTS, publicUrl, parts.elsewhere);
  app.get('/openapi.json', async (_request, reply) =>
    sendAnswer(reply, { status: 200, body: document }),
  );
  addReference(app);
  for (const [path, healthAnswer] of Object.entries(HEALTH_PATHS)) {
    app.get(path, async (_request, reply) => sendAnswer(reply, await healthAnswer(health)));
  }
  app.register(async (scope) => {
    readForms(scope, log);
    scope.get('/reveal/:secret', async (request, reply) =>
      sendPage(reply, await showLink(reveal, secretOf(request), visitorOf(request))),
    );
    scope.post('/reveal/:secret', async (request, reply) =>
      sendPage(reply, await openLink(reveal, secretOf(request), visitorOf(request))),
    );
  });
}

function rawCallOf(request: FastifyRequest): RawCall {
  const { method, url, headers, body, query, params } = request;
  return { method, url, headers, body, query, params: params as RawCall['params'] };
}

function visitorOf({ headers, body, socket }: FastifyRequest): Visitor {
  const typed = body instanceof URLSearchParams ? body.get('passphrase') : null;
  return { headers, remoteAddress: socket.remoteAddress, passphrase: typed ?? undefined };
}

/** `:secret` of the path. */
function secretOf({ params }: FastifyRequest): string {
  return (params as { readonly secret: string }).secret;
}
