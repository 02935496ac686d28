// The management door. It does not listen: the process that does hands over every request that is not
// a call of a model.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { fastify } from 'fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Secret } from '../config/secret.ts';
import { refuse } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import { complaintAboutManager } from './admin-jwt.ts';
import type { AdminByJwt } from './admin-jwt.ts';
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
  keyLimits,
  memberLimits,
  organizationLimits,
  teamLimits,
  userLimits,
} from './saas/ceilings.ts';
import {
  deductEndpoint,
  grantEndpoint,
  refundEndpoint,
  replenishEndpoint,
  transferEndpoint,
} from './saas/credit-changes.ts';
import {
  autoRefillEndpoint,
  checkEndpoint,
  checkTeamEndpoint,
  policyEndpoint,
} from './saas/credit-terms.ts';
import {
  addCreditsEndpoint,
  addTeamCreditsEndpoint,
  balanceEndpoint,
  teamBalanceEndpoint,
  teamTransactionsEndpoint,
  transactionsEndpoint,
} from './saas/credits.ts';
import {
  blockKeyEndpoint,
  createKeyEndpoint,
  getKeyEndpoint,
  listKeysEndpoint,
  revokeKeyEndpoint,
  rotateKeyEndpoint,
  unblockKeyEndpoint,
  updateKeyEndpoint,
} from './saas/keys.ts';
import {
  addMemberEndpoint,
  listMembersEndpoint,
  removeMemberEndpoint,
  updateMemberEndpoint,
} from './saas/members.ts';
import {
  createOrganizationEndpoint,
  getOrganizationEndpoint,
  listOrganizationsEndpoint,
  listOrganizationTeamsEndpoint,
  updateOrganizationEndpoint,
} from './saas/organizations.ts';
import {
  createTeamEndpoint,
  getTeamEndpoint,
  listTeamsEndpoint,
  updateTeamEndpoint,
} from './saas/teams.ts';
import { organizationStatus, teamStatus } from './saas/statuses.ts';
import { teamUsageEndpoint } from './saas/usage.ts';

interface ApiParts {
  readonly stores: Stores;
  readonly adminKey: Secret;
  /** Undefined where nobody signs in by JWT. */
  readonly jwt?: AdminByJwt | undefined;
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

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Everything that needs the admin key. */
export const ADMIN_ROUTES: readonly (readonly [Method, string, Endpoint])[] = [
  ['POST', '/api/organizations/create', createOrganizationEndpoint],
  ['GET', '/api/organizations', listOrganizationsEndpoint],
  ['GET', '/api/organizations/:id', getOrganizationEndpoint],
  ['GET', '/api/organizations/:id/teams', listOrganizationTeamsEndpoint],
  ['PUT', '/api/organizations/:id', updateOrganizationEndpoint],
  ['POST', '/api/organizations/:id/suspend', organizationStatus.suspend],
  ['PUT', '/api/organizations/:id/suspend', organizationStatus.suspend],
  ['POST', '/api/organizations/:id/pause', organizationStatus.pause],
  ['PUT', '/api/organizations/:id/pause', organizationStatus.pause],
  ['POST', '/api/organizations/:id/archive', organizationStatus.archive],
  ['PUT', '/api/organizations/:id/archive', organizationStatus.archive],
  ['POST', '/api/organizations/:id/resume', organizationStatus.resume],
  ['PUT', '/api/organizations/:id/resume', organizationStatus.resume],
  ['GET', '/api/organizations/:id/limits', organizationLimits.get],
  ['PUT', '/api/organizations/:id/limits', organizationLimits.put],
  ['GET', '/api/organizations/:id/users/:user/limits', userLimits.get],
  ['PUT', '/api/organizations/:id/users/:user/limits', userLimits.put],
  ['GET', '/api/teams/:id/limits', teamLimits.get],
  ['PUT', '/api/teams/:id/limits', teamLimits.put],
  ['GET', '/api/teams/:id/members/:user/limits', memberLimits.get],
  ['PUT', '/api/teams/:id/members/:user/limits', memberLimits.put],
  ['GET', '/api/keys/:id/limits', keyLimits.get],
  ['PUT', '/api/keys/:id/limits', keyLimits.put],
  ['POST', '/api/teams/create', createTeamEndpoint],
  ['GET', '/api/teams', listTeamsEndpoint],
  ['GET', '/api/teams/:id', getTeamEndpoint],
  ['PUT', '/api/teams/:id', updateTeamEndpoint],
  ['POST', '/api/teams/:id/suspend', teamStatus.suspend],
  ['PUT', '/api/teams/:id/suspend', teamStatus.suspend],
  ['POST', '/api/teams/:id/pause', teamStatus.pause],
  ['PUT', '/api/teams/:id/pause', teamStatus.pause],
  ['POST', '/api/teams/:id/archive', teamStatus.archive],
  ['PUT', '/api/teams/:id/archive', teamStatus.archive],
  ['POST', '/api/teams/:id/resume', teamStatus.resume],
  ['PUT', '/api/teams/:id/resume', teamStatus.resume],
  ['GET', '/api/teams/:id/members', listMembersEndpoint],
  ['POST', '/api/teams/:id/members', addMemberEndpoint],
  ['PUT', '/api/teams/:id/members/:user', updateMemberEndpoint],
  ['DELETE', '/api/teams/:id/members/:user', removeMemberEndpoint],
  ['POST', '/api/keys/create', createKeyEndpoint],
  ['GET', '/api/keys', listKeysEndpoint],
  ['GET', '/api/keys/:id', getKeyEndpoint],
  ['PUT', '/api/keys/:id', updateKeyEndpoint],
  ['DELETE', '/api/keys/:id', revokeKeyEndpoint],
  ['POST', '/api/keys/:id/rotate', rotateKeyEndpoint],
  ['POST', '/api/keys/:id/block', blockKeyEndpoint],
  ['POST', '/api/keys/:id/unblock', unblockKeyEndpoint],
  ['GET', '/api/teams/:id/usage', teamUsageEndpoint],
  ['POST', '/api/credits/add', addCreditsEndpoint],
  ['POST', '/api/credits/teams/:id/add', addTeamCreditsEndpoint],
  ['GET', '/api/credits/balance', balanceEndpoint],
  ['GET', '/api/credits/teams/:id/balance', teamBalanceEndpoint],
  ['GET', '/api/credits/transactions', transactionsEndpoint],
  ['GET', '/api/credits/teams/:id/transactions', teamTransactionsEndpoint],
  ['POST', '/api/credits/grant', grantEndpoint],
  ['POST', '/api/credits/deduct', deductEndpoint],
  ['POST', '/api/credits/refund', refundEndpoint],
  ['POST', '/api/credits/transfer', transferEndpoint],
  ['POST', '/api/credits/check', checkEndpoint],
  ['POST', '/api/credits/teams/:id/check', checkTeamEndpoint],
  ['POST', '/api/credits/teams/:id/replenish', replenishEndpoint],
  ['PUT', '/api/credits/teams/:id/policy', policyEndpoint],
  ['PUT', '/api/credits/teams/:id/auto-refill', autoRefillEndpoint],
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
        const { adminKey, jwt } = parts;
        const route = { method, path: url };
        const complaint = await complaintAboutManager(request.headers, route, { adminKey, jwt });
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
  return { headers, body, query, id: parameter(params, 'id'), user: parameter(params, 'user') };
}

function secretOf({ params }: FastifyRequest): string {
  return parameter(params, 'secret');
}

/** A parameter of the path, empty where the path has none. */
function parameter(params: unknown, name: string): string {
  const value = (params as Readonly<Record<string, string>>)[name];
  return value ?? '';
}
