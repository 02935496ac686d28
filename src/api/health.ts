/** What the composition root knows of the parts this process leans on. */
export interface Health {
  ready(): Promise<{
    readonly ok: boolean;
    readonly parts: Readonly<Record<string, string>>;
  }>;
}

/** Orchestrators give up after a few seconds; an answer after that is no answer. */
const READY_DEADLINE_MS = 3_000;

/** Whether this process can do its work, within a deadline. */
export async function readiness(health: Health): Promise<{
  status: 200 | 503;
  body: { status: string; parts: Readonly<Record<string, string>> };
}> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Awaited<ReturnType<Health['ready']>>>((resolve) => {
    const parts = { health: `no answer within ${READY_DEADLINE_MS} ms` };
    timer = setTimeout(() => resolve({ ok: false, parts }), READY_DEADLINE_MS);
  });
  try {
    const { ok, parts } = await Promise.race([health.ready(), late]);
    return { status: ok ? 200 : 503, body: { status: ok ? 'ready' : 'not ready', parts } };
  } finally {
    clearTimeout(timer);
  }
}
