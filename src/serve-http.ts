import type { RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { HEALTH_PATHS } from './api/health.ts';
import { complaintAboutAdmin } from './api/admin-key.ts';
import { createApi } from './api/server.ts';
import { createCallMeters } from './core/gateway/call-meters.ts';
import type { CallMeters } from './core/gateway/call-meters.ts';
import { publicSentence, refuse } from './core/refusals.ts';
import { createStartNotes } from './core/jobs/start-notes.ts';
import { createAddressOf } from './proxy/address.ts';
import { createAuthenticate } from './proxy/authenticate.ts';
import { BODIES_MAX_BYTES, createByteBudget } from './proxy/byte-budget.ts';
import { createJwtCallers } from './proxy/jwt-callers.ts';
import { JOB_ROUTES } from './proxy/jobs/routes.ts';
import { createOpenCalls } from './proxy/open-calls.ts';
import { createProcessMetrics } from './process-metrics.ts';
import { createProxyServer } from './proxy/server.ts';
import { createUpstreams } from './proxy/upstream.ts';
import { readiness } from './readiness.ts';
import { createServedModels } from './served-models.ts';
import type { Services } from './services.ts';
import { createRevealGuesses } from './storage/reveal-guesses.ts';
import { createRemembering } from './storage/refusals/remembering.ts';
import { openSignIn } from './sign-in.ts';
import { keepStandingPrices } from './standing-prices.ts';
import type { SignInParts } from './sign-in.ts';

/** Calls under way get this long to end when the process is told to stop. */
const DRAIN_TIMEOUT_MS = 3_500;
/** Then those that were cut off get this long to settle. */
const SETTLE_TIMEOUT_MS = 1_000;

/** Lets proxy and management API listen on the one port; answers how to stop them. */
export async function serveHttp(
  services: Services,
  roles: { readonly api: boolean; readonly proxy: boolean },
): Promise<() => Promise<void>> {
  const { config } = services;
  const jwt = openSignIn(services.stores, config.jwt, services.log);
  const meters = createCallMeters();
  let proxy: Awaited<ReturnType<typeof openProxy>> | undefined;
  const processMetrics = createProcessMetrics(meters, () => proxy?.callsUnderWay() ?? 0);
  const api = roles.api
    ? await openApi(services, jwt, { processMetrics, servesJobs: roles.proxy })
    : undefined;
  const next = api?.handler ?? ownHandler(services, processMetrics);
  proxy = roles.proxy ? await openProxy(services, jwt, { next, meters }) : undefined;
  const server = proxy?.server ?? createServer(next);
  await listen(server, config.port, config.host);
  return async () => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeIdleConnections();
    await proxy?.drained(DRAIN_TIMEOUT_MS);
    server.closeAllConnections();
    // What was cut off settles what it relayed; what could not be sent has one more chance.
    await proxy?.drained(SETTLE_TIMEOUT_MS);
    await handInLast(services);
    await proxy?.stop();
    await closed;
    await api?.close();
  };
}

async function openApi(
  services: Services,
  jwt: SignInParts | undefined,
  {
    processMetrics,
    servesJobs,
  }: { readonly processMetrics: () => Promise<string>; readonly servesJobs: boolean },
) {
  const { config, stores, log } = services;
  return createApi({
    stores,
    adminKey: config.adminKey,
    addressOf: createAddressOf(config.trustedProxies),
    jwt: jwt?.admin,
    publicUrl: config.publicUrl,
    log: log.child({ role: 'api' }),
    health: { ready: async () => readiness(services) },
    processMetrics,
    reveal: {
      settings: config.reveal,
      guesses: createRevealGuesses(services.gate.connection.redis, config.gateNamespace),
    },
    bodyMaxBytes: config.limits.bodyMaxBytes,
    elsewhere: servesJobs ? JOB_ROUTES : [],
    // Loaded when it is asked for: a proxy needs no queue.
    openQueue: async () => {
      const { connectQueue } = await import('./queue/queue.ts');
      return connectQueue(config.redisUrl, config.gateNamespace, (complaint) =>
        log.warn({ part: 'queue' }, complaint),
      );
    },
  });
}

async function openProxy(
  services: Services,
  jwt: SignInParts | undefined,
  { next, meters }: { readonly next: RequestListener; readonly meters: CallMeters },
) {
  const { config, stores, log } = services;
  const complain = (message: string, error?: unknown): void => log.error({ err: error }, message);
  const openCalls = createOpenCalls(stores.gate, stores.clock, config.limits.markEveryMs, (error) =>
    log.warn({ err: error }, 'marking open calls failed'),
  );
  const remembering = createRemembering({
    redis: services.gate.connection.redis,
    namespace: config.gateNamespace,
    clock: stores.clock,
    onComplaint: (complaint) => log.warn(complaint),
  });
  const prices = await keepStandingPrices(services);
  const upstreams = createUpstreams(config.limits.upstreamTimeoutMs);
  const models = createServedModels(stores, prices.models, {
    maxOutputTokens: config.limits.defaultMaxOutputTokens,
    onComplaint: (complaint) => log.warn(complaint),
  });
  const following = await services.gate.followCatalog(models.load);
  const server = createProxyServer(
    {
      gate: stores.gate,
      authenticate: createAuthenticate(
        stores.gate,
        config.keyPepper.reveal(),
        jwt === undefined ? undefined : createJwtCallers(jwt.proxy),
      ),
      isAdmin: (headers) => complaintAboutAdmin(headers, config.adminKey) === undefined,
      addressOf: createAddressOf(config.trustedProxies),
      models,
      upstreams,
      openCalls,
      bodies: createByteBudget(BODIES_MAX_BYTES),
      clock: stores.clock,
      stores,
      noteStart: createStartNotes(stores.records, stores.clock, (error) =>
        log.warn({ err: error }, 'noting that a job is in progress failed'),
      ),
      remember: (id, refusal) => {
        meters.refused(refusal.refused);
        remembering.remember(id, refusal);
      },
      meters,
      bodyMaxBytes: config.limits.bodyMaxBytes,
      minOutputTokens: config.limits.minOutputTokens,
      upstreamTimeoutMs: config.limits.upstreamTimeoutMs,
      onFault: complain,
    },
    {
      headerMaxBytes: config.limits.headerMaxBytes,
      next,
    },
  );
  return {
    server,
    callsUnderWay: openCalls.count,
    drained: openCalls.drained,
    stop: async () => {
      prices.stop();
      openCalls.stop();
      await following.stop();
      await remembering.stop();
    },
  };
}

async function handInLast({ gate, log }: Services): Promise<void> {
  if (gate.isOwing()) {
    try {
      await gate.settling.handInAgain(false);
    } catch (error) {
      log.error({ err: error }, 'settlements could not be handed in before the end');
    }
  }
}

/** Health and metrics of a process without the management API. */
function ownHandler(services: Services, processMetrics: () => Promise<string>): RequestListener {
  return (req, res) => {
    const answer = (status: number, body: unknown): void => {
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body));
    };
    const ask = HEALTH_PATHS[req.url ?? ''];
    if (ask !== undefined) {
      void ask({ ready: async () => readiness(services) }).then(({ status, body }) =>
        answer(status, body),
      );
    } else if (req.url === '/metrics') {
      const complaint = complaintAboutAdmin(req.headers, services.config.adminKey);
      if (complaint !== undefined) {
        answer(401, { detail: publicSentence(complaint), code: complaint.refused });
        return;
      }
      res.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      void processMetrics().then((text) => res.end(text));
    } else {
      const facts = { method: req.method ?? '', path: req.url ?? '' };
      answer(404, {
        detail: publicSentence(refuse('route_unknown', facts)),
        code: 'route_unknown',
      });
    }
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
