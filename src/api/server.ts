// The management door. It does not listen: the process that does hands over every request that is not
// a call of a model.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Secret } from '../config/secret.ts';
import { refuse } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { complaintAboutAdmin } from './admin-key.ts';
import { answerOf, unauthorized } from './answer.ts';
import type { Endpoint, RawCall } from './endpoint.ts';
import { answerFault, pageOfFault } from './fault.ts';
import { frontPage } from './front-page.ts';
import { readiness } from './health.ts';
import type { Health } from './health.ts';
import { jsonFrom } from './json-body.ts';
import { lost } from './lost.ts';
import { sendAnswer, sendPage } from './reply.ts';
import type { Place } from './route-table.ts';
import { openLink, showLink } from './reveal/reveal.ts';
import {
  addCreditsEndpoint,
  addTeamCreditsEndpoint,
  balanceEndpoint,
  teamBalanceEndpoint,
  teamTransactionsEndpoint,
  transactionsEndpoint,
} from './saas/credits.ts';
import {
  createOrganizationEndpoint,
  getOrganizationEndpoint,
  listOrganizationsEndpoint,
  listOrganizationTeamsEndpoint,
} from './saas/organizations.ts';
import {
  createTeamEndpoint,
  getTeamEndpoint,
  listTeamsEndpoint,
  pauseTeamEndpoint,
  resumeTeamEndpoint,
  suspendTeamEndpoint,
  updateTeamEndpoint,
} from './saas/teams.ts';
import { teamUsageEndpoint } from './saas/usage.ts';

interface ApiParts {
  readonly stores: Stores;
  readonly adminKey: Secret;
  /** Where clients and people reach us, without a slash at its end. */
  readonly publicUrl: string;
  readonly log: Logger;
  readonly health: Health;
  readonly bodyMaxBytes: number;
}

export interface Api {
  handler(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Everything that needs the admin key. */
export const ADMIN_ROUTES: readonly (readonly ['GET' | 'POST' | 'PUT', string, Endpoint])[] = [
  ['POST', '/api/organizations/create', createOrganizationEndpoint],
  ['GET', '/api/organizations', listOrganizationsEndpoint],
  ['GET', '/api/organizations/:id', getOrganizationEndpoint],
  ['GET', '/api/organizations/:id/teams', listOrganizationTeamsEndpoint],
  ['POST', '/api/teams/create', createTeamEndpoint],
  ['GET', '/api/teams', listTeamsEndpoint],
  ['GET', '/api/teams/:id', getTeamEndpoint],
  ['PUT', '/api/teams/:id', updateTeamEndpoint],
  ['POST', '/api/teams/:id/suspend', suspendTeamEndpoint],
  ['PUT', '/api/teams/:id/suspend', suspendTeamEndpoint],
  ['POST', '/api/teams/:id/pause', pauseTeamEndpoint],
  ['PUT', '/api/teams/:id/pause', pauseTeamEndpoint],
  ['POST', '/api/teams/:id/resume', resumeTeamEndpoint],
  ['PUT', '/api/teams/:id/resume', resumeTeamEndpoint],
  ['GET', '/api/teams/:id/usage', teamUsageEndpoint],
  ['POST', '/api/credits/add', addCreditsEndpoint],
  ['POST', '/api/credits/teams/:id/add', addTeamCreditsEndpoint],
  ['GET', '/api/credits/balance', balanceEndpoint],
  ['GET', '/api/credits/teams/:id/balance', teamBalanceEndpoint],
  ['GET', '/api/credits/transactions', transactionsEndpoint],
  ['GET', '/api/credits/teams/:id/transactions', teamTransactionsEndpoint],
];

/** Everything that anybody may open. */
const OPEN_ROUTES: readonly Place[] = [
  { method: 'GET', path: '/' },
  { method: 'GET', path: '/health/live' },
  { method: 'GET', path: '/health/ready' },
  { method: 'GET', path: '/reveal/:secret' },
  { method: 'POST', path: '/reveal/:secret' },
];

const PLACES: readonly Place[] = [
  ...OPEN_ROUTES,
  ...ADMIN_ROUTES.map(([method, path]) => ({ method, path })),
];

/** Longer than any id or link, so that a long one is told to be unknown by the route it was meant for. */
const PARAMETER_MAX_LENGTH = 512;
/** A form without fields; more is none of ours. */
const FORM_MAX_BYTES = 4_096;

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
    sendAnswer(reply, answerFault(parts, error, request)),
  );
  app.setNotFoundHandler(async (request, reply) =>
    sendAnswer(reply, lost(PLACES, request.method, request.url)),
  );
  app.addHook('onResponse', async (request, reply) => {
    const place = { method: request.method, route: request.routeOptions.url ?? null };
    const took = { status: reply.statusCode, tookMs: Math.round(reply.elapsedTime) };
    parts.log.debug({ ...place, ...took }, 'answered');
  });
  addOpenRoutes(app, parts);
  for (const [method, url, endpoint] of ADMIN_ROUTES) {
    app.route({
      method,
      url,
      // Before the body is read: strangers cannot make us read megabytes.
      onRequest: async (request, reply) => {
        const complaint = complaintAboutAdmin(request.headers, parts.adminKey);
        return complaint === undefined ? undefined : sendAnswer(reply, unauthorized(complaint));
      },
      handler: async (request, reply) =>
        sendAnswer(reply, await endpoint.answer(parts.stores, rawCallOf(request))),
    });
  }
  await app.ready();
  return {
    handler: (request, response) => app.routing(request, response),
    close: async () => app.close(),
  };
}

function addOpenRoutes(app: FastifyInstance, { stores, publicUrl, health, log }: ApiParts): void {
  app.get('/', async (_request, reply) => sendPage(reply, frontPage(publicUrl)));
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => sendAnswer(reply, await readiness(health)));
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    const limits = { parseAs: 'buffer', bodyLimit: FORM_MAX_BYTES } as const;
    scope.addContentTypeParser('*', limits, async () => undefined);
    scope.setErrorHandler(async (error, _request, reply) =>
      sendPage(reply, pageOfFault(log, error)),
    );
    scope.get('/reveal/:secret', async (request, reply) =>
      sendPage(reply, await showLink(stores, secretOf(request))),
    );
    scope.post('/reveal/:secret', async (request, reply) =>
      sendPage(reply, await openLink(stores, publicUrl, secretOf(request), request.headers)),
    );
  });
}

function rawCallOf({ headers, body, query, params }: FastifyRequest): RawCall {
  return { headers, body, query, id: parameter(params, 'id') };
}

function secretOf({ params }: FastifyRequest): string {
  return parameter(params, 'secret');
}

/** A parameter of the path, empty where the path has none. */
function parameter(params: unknown, name: string): string {
  const value = (params as Readonly<Record<string, string>>)[name];
  return value ?? '';
}
