/**
 * A model provider that speaks OpenAI's and Anthropic's APIs and costs nothing: for the demonstration, tests and benchmarks.
 *
 * State: planned faults, statistics, and the replies that were composed last, by request body. Equal
 * requests get equal replies, so a benchmark measures its proxy and not us.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaultPlan } from './faults.ts';
import type { FaultPlan } from './faults.ts';
import { composeReply, dialectOf, errorReply, jsonReply, routeOf } from './reply.ts';
import type { Reply, Route } from './reply.ts';
import { sendReply } from './send.ts';
import type { Pace } from './send.ts';
import { emptyStats } from './stats.ts';
import type { ProviderStats } from './stats.ts';
import { fields } from './tokens.ts';

/** As much as the proxy lets through, and some. */
const LARGEST_BODY_BYTES = 64 * 1024 * 1024;

/** A benchmark sends a few different bodies; these are a few megabytes at most. */
const MOST_CACHED_REPLIES = 512;
const LARGEST_CACHED_BODY = 16 * 1024;

/** What `GET /v1/models` lists. Any other name is answered, too. */
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'gpt-4.1-mini', 'text-embedding-3-small'];

export interface DemoProviderOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** What callers must send: as a bearer, or as `x-api-key` where Anthropic's dialect is spoken. */
  readonly apiKey: string;
  /** Before each answer, 0 unless told. */
  readonly latencyMs?: number;
  /** Between the events of a stream, 0 unless told. */
  readonly eventDelayMs?: number;
}

export interface DemoProvider {
  /** The address that clients take as base URL, ending with `/v1`. */
  readonly url: string;
  readonly port: number;
  readonly stats: () => ProviderStats;
  /** Plans a fault for the next calls, as `POST /faults` does. @throws Error when it is no fault. */
  readonly plan: (wish: FaultWish) => void;
  readonly clearFaults: () => void;
  readonly close: () => Promise<void>;
}

/** What `POST /faults` takes: the next `times` (1) calls, of one model or of any, meet this fault. */
interface FaultWish {
  readonly fault: number | 'slow' | 'cut' | 'stall' | 'hang' | 'garbage' | 'no-usage';
  readonly times?: number;
  readonly model?: string;
  readonly latencyMs?: number;
  readonly retryAfterSeconds?: number;
}

interface Desk {
  readonly apiKey: string;
  readonly pace: Pace;
  readonly faults: FaultPlan;
  readonly cache: Map<string, Reply>;
  stats: ProviderStats;
}

/** Starts the provider on loopback. @throws when the port is taken. */
export async function startDemoProvider(options: DemoProviderOptions): Promise<DemoProvider> {
  const desk: Desk = {
    apiKey: options.apiKey,
    pace: { latencyMs: options.latencyMs ?? 0, eventDelayMs: options.eventDelayMs ?? 0 },
    faults: createFaultPlan(),
    cache: new Map(),
    stats: emptyStats(),
  };
  const server = createServer((request, response) => receive(desk, request, response));
  // Connections of a pool stay open: a provider that closes them first looks like a fault.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : options.port;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    stats: () => desk.stats,
    plan(wish) {
      const wrong = desk.faults.add(wish);
      if (wrong !== null) {
        throw new Error(`Plan a fault: ${wrong}`);
      }
    },
    clearFaults: () => desk.faults.clear(),
    close: async () => {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function receive(desk: Desk, request: IncomingMessage, response: ServerResponse): void {
  // A client that leaves breaks the request's stream; the answer's end tells the same.
  request.on('error', () => undefined);
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_BODY_BYTES) {
      request.destroy();
    }
    chunks.push(chunk);
  });
  request.on('end', () => {
    const [first] = chunks;
    const body = chunks.length === 1 && first ? first : Buffer.concat(chunks);
    answer(desk, request, response, body.toString());
  });
}

function answer(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
): void {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const route = request.method === 'POST' ? routeOf(path) : null;
  const wrong = complaintAboutCaller(desk, request, route);
  if (wrong !== null) {
    sendNow(response, wrong);
    return;
  }
  if (route === null) {
    sendNow(response, control(desk, `${request.method} ${path}`, body));
    return;
  }
  const key = `${route}${body}`;
  const cached = desk.cache.get(key);
  if (cached && isPlain(desk, request, cached)) {
    tally(desk.stats, cached, 'answered');
    sendNow(response, cached);
    return;
  }
  void answerAtPace(desk, request, response, route, body, key);
}

function complaintAboutCaller(
  { apiKey }: Desk,
  { headers }: IncomingMessage,
  route: Route | null,
): Reply | null {
  const dialect = dialectOf(route);
  if (dialect === 'openai') {
    return headers.authorization === `Bearer ${apiKey}`
      ? null
      : errorReply(401, 'Incorrect API key provided.', 'invalid_request_error');
  }
  if (headers['x-api-key'] !== apiKey) {
    return errorReply(401, 'invalid x-api-key', 'authentication_error', dialect);
  }
  return headers['anthropic-version'] === undefined
    ? errorReply(400, 'anthropic-version: header is required', 'invalid_request_error', dialect)
    : null;
}

/** Whether this call can be answered at once: no pace to keep, no fault to meet. */
function isPlain(desk: Desk, request: IncomingMessage, reply: Reply): boolean {
  const { latencyMs, eventDelayMs } = desk.pace;
  return (
    latencyMs === 0 &&
    (eventDelayMs === 0 || reply.events === null) &&
    desk.faults.isEmpty() &&
    request.headers['x-demo-fault'] === undefined &&
    request.headers['x-demo-latency-ms'] === undefined
  );
}

async function answerAtPace(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  route: Route,
  body: string,
  key: string,
): Promise<void> {
  const fault = desk.faults.take(modelIn(body), request.headers);
  const reply = composeReply(route, body, fault?.kind !== 'no-usage');
  const wishedMs = Number(request.headers['x-demo-latency-ms'] ?? 0);
  if (fault === null && reply.status === 200 && body.length <= LARGEST_CACHED_BODY) {
    remember(desk.cache, key, reply);
  }
  const { stats } = desk;
  stats.open += 1;
  const pace =
    fault === null ? { ...desk.pace, latencyMs: desk.pace.latencyMs + wishedMs } : desk.pace;
  const ending = await sendReply(response, reply, pace, fault);
  stats.open -= 1;
  tally(stats, reply, reply.status === 200 ? ending : 'faulted');
}

function modelIn(body: string): string {
  try {
    const { model } = fields(JSON.parse(body));
    return typeof model === 'string' ? model : '';
  } catch {
    return '';
  }
}

function remember(cache: Map<string, Reply>, key: string, reply: Reply): void {
  cache.set(key, reply);
  if (cache.size > MOST_CACHED_REPLIES) {
    const [oldest] = cache.keys();
    cache.delete(oldest ?? key);
  }
}

function tally(
  stats: ProviderStats,
  reply: Reply,
  ending: 'answered' | 'aborted' | 'faulted',
): void {
  stats.calls += 1;
  stats[ending] += 1;
  stats.callsByModel[reply.model] = (stats.callsByModel[reply.model] ?? 0) + 1;
  if (ending === 'answered') {
    stats.promptTokens += reply.promptTokens;
    stats.completionTokens += reply.completionTokens;
  }
}

function sendNow(response: ServerResponse, reply: Reply): void {
  const headers = { 'content-type': reply.contentType, 'content-length': reply.body.length };
  response.writeHead(reply.status, headers).end(reply.body);
}

/** The routes that are not calls: what there is, what happened, what shall go wrong. */
function control(desk: Desk, route: string, body: string): Reply {
  switch (route) {
    case 'GET /v1/models':
    case 'GET /models':
      return jsonReply(
        JSON.stringify({
          object: 'list',
          data: MODELS.map((id) => ({ id, object: 'model', created: 0, owned_by: 'demo' })),
        }),
      );
    case 'GET /stats':
      return jsonReply(JSON.stringify(desk.stats));
    case 'DELETE /stats':
      desk.stats = emptyStats();
      return jsonReply('{}');
    case 'POST /faults':
      return planFault(desk.faults, body);
    case 'DELETE /faults':
      desk.faults.clear();
      return jsonReply('{}');
    default:
      return errorReply(404, `Unknown request URL: ${route}.`, 'invalid_request_error');
  }
}

function planFault(faults: FaultPlan, body: string): Reply {
  try {
    const wrong = faults.add(JSON.parse(body));
    return wrong === null ? jsonReply('{}') : errorReply(400, wrong, 'invalid_request_error');
  } catch {
    return errorReply(400, 'The body is not JSON.', 'invalid_request_error');
  }
}
