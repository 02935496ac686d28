/** What the composition root knows of the parts this process leans on. */
export interface Health {
  ready(): Promise<{
    readonly ok: boolean;
    readonly parts: Readonly<Record<string, string>>;
  }>;
}

interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: unknown;
}

/** What monitors ask without a key: our own paths, and those of LiteLLM. */
export const HEALTH_PATHS: Readonly<Record<string, (health: Health) => Promise<HealthAnswer>>> = {
  '/health/live': async () => ({ status: 200, body: { status: 'live' } }),
  '/health/ready': readiness,
  '/health/liveliness': alive,
  '/health/liveness': alive,
  '/health/readiness': litellmReadiness,
};

/** LiteLLM's very words, for monitors that look for them. */
async function alive(): Promise<HealthAnswer> {
  return { status: 200, body: "I'm alive!" };
}

/** Orchestrators give up after a few seconds; an answer after that is no answer. */
const READY_DEADLINE_MS = 3_000;

/** Whether this process can do its work, within a deadline. */
async function readiness(health: Health): Promise<HealthAnswer> {
  const { ok, parts } = await readyInTime(health);
  return { status: ok ? 200 : 503, body: { status: ok ? 'ready' : 'not ready', parts } };
}

async function litellmReadiness(health: Health): Promise<HealthAnswer> {
  const { ok, parts } = await readyInTime(health);
  return {
    status: ok ? 200 : 503,
    body: {
      status: ok ? 'healthy' : 'unhealthy',
      db: parts['records'] === 'up' ? 'connected' : 'disconnected',
      cache: parts['gate'] === 'up' ? 'redis' : null,
      parts,
    },
  };
}

async function readyInTime(health: Health): Promise<Awaited<ReturnType<Health['ready']>>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Awaited<ReturnType<Health['ready']>>>((resolve) => {
    const parts = { health: `no answer within ${READY_DEADLINE_MS} ms` };
    timer = setTimeout(() => resolve({ ok: false, parts }), READY_DEADLINE_MS);
  });
  try {
    return await Promise.race([health.ready(), late]);
  } finally {
    clearTimeout(timer);
  }
}
