// The clients' door. Every route that can reach a provider stands in ROUTES, or in JOB_ROUTES, and passes
// admission; all other requests go to the door behind, or do not exist.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { newId } from '../core/ids.ts';
import { refuse, REFUSALS } from '../core/refusals.ts';
import { SECOND_MS } from '../core/time.ts';
import { serveBody } from './body-door.ts';
import { JOBS_PATH, serveJobs } from './jobs/routes.ts';
import { listModels, namesModel, showModel } from './list-models.ts';
import { MESSAGES_DOOR, MESSAGES_PATH } from './messages/door.ts';
import { ANTHROPIC_WORDS } from './messages/words.ts';
import { ClientGone } from './read-body.ts';
import { openaiError, OPENAI_WORDS, refusalOfFault, REQUEST_ID_HEADER } from './refusals.ts';
import type { Words } from './refusals.ts';
import { CALL_DOORS } from './serve-call.ts';
import type { ProxyParts } from './parts.ts';
import { answersThat } from './remembering-answer.ts';

/** What LiteLLM tells of models under a path that looks like a client's; the door behind answers it. */
const MODEL_INFO_PATH = '/v1/model/info';

type Serve = (parts: ProxyParts, req: IncomingMessage, res: ServerResponse) => Promise<void>;

interface Route {
  readonly method: 'GET' | 'POST';
  readonly serve: Serve;
  readonly words: Words;
}

const chat: Serve = async (parts, req, res) => serveBody(parts, CALL_DOORS.chat, req, res);
const completion: Serve = async (parts, req, res) =>
  serveBody(parts, CALL_DOORS.completion, req, res);
const embedding: Serve = async (parts, req, res) =>
  serveBody(parts, CALL_DOORS.embedding, req, res);
const message: Serve = async (parts, req, res) => serveBody(parts, MESSAGES_DOOR, req, res);

/** All of this door. Some clients leave the version out. */
export const ROUTES: Readonly<Record<string, Route>> = {
  '/v1/chat/completions': { method: 'POST', serve: chat, words: OPENAI_WORDS },
  '/chat/completions': { method: 'POST', serve: chat, words: OPENAI_WORDS },
  '/v1/completions': { method: 'POST', serve: completion, words: OPENAI_WORDS },
  '/completions': { method: 'POST', serve: completion, words: OPENAI_WORDS },
  '/v1/embeddings': { method: 'POST', serve: embedding, words: OPENAI_WORDS },
  '/embeddings': { method: 'POST', serve: embedding, words: OPENAI_WORDS },
  '/messages': { method: 'POST', serve: message, words: ANTHROPIC_WORDS },
  [MESSAGES_PATH]: { method: 'POST', serve: message, words: ANTHROPIC_WORDS },
  '/v1/models': { method: 'GET', serve: listModels, words: OPENAI_WORDS },
  '/models': { method: 'GET', serve: listModels, words: OPENAI_WORDS },
  '/v1/models/:id': { method: 'GET', serve: showModel, words: OPENAI_WORDS },
  '/models/:id': { method: 'GET', serve: showModel, words: OPENAI_WORDS },
};

/** A whole request must have come within this; slow senders hold memory. */
const REQUEST_TIMEOUT_MS = 120 * SECOND_MS;
const HEADERS_TIMEOUT_MS = 15 * SECOND_MS;
/** Longer than the idle time of common load balancers, so that they close first. */
const KEEP_ALIVE_MS = 75 * SECOND_MS;
/** Past what two cores serve; more wait in the kernel's queue. */
const CONNECTIONS_MAX = 20_000;

export interface ProxyOptions {
  readonly headerMaxBytes: number;
  /** Serves what is no route of this door. */
  readonly next?: (req: IncomingMessage, res: ServerResponse) => void;
}

/** Builds the server; the caller lets it listen. */
export function createProxyServer(parts: ProxyParts, options: ProxyOptions): Server {
  const server = createServer(
    {
      ServerResponse: answersThat(parts.remember),
      maxHeaderSize: options.headerMaxBytes,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
    },
    (req, res) => {
      const route = routeAt(pathOf(req));
      if (route === undefined) {
        serveOther(parts, req, res, options);
      } else if (route.method === req.method) {
        const { words } = route;
        route
          .serve(parts, req, res)
          .catch((error: unknown) => answerFault(parts, error, res, words));
      } else {
        const facts = { method: req.method ?? '', path: pathOf(req), allowed: route.method };
        route.words.refuse(res, refuse('method_not_allowed', facts), { allow: route.method });
      }
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    answerUnreadable(parts, error, socket, options),
  );
  return server;
}

/** One model is found by its name; all other paths are as they stand in the table. */
function routeAt(path: string): Route | undefined {
  return ROUTES[path] ?? (namesModel(path) ? ROUTES['/v1/models/:id'] : undefined);
}

function pathOf(req: IncomingMessage): string {
  const url = req.url ?? '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function serveOther(
  parts: ProxyParts,
  req: IncomingMessage,
  res: ServerResponse,
  options: ProxyOptions,
): void {
  const path = pathOf(req);
  if (path.startsWith(JOBS_PATH) && serveJobs(parts, path, req, res)) {
    return;
  }
  if (options.next === undefined || (path.startsWith('/v1/') && path !== MODEL_INFO_PATH)) {
    const words = path.startsWith(`${MESSAGES_PATH}/`) ? ANTHROPIC_WORDS : OPENAI_WORDS;
    words.refuse(res, refuse('route_unknown', { method: req.method ?? '', path }));
    req.resume();
  } else {
    options.next(req, res);
  }
}

function answerFault(parts: ProxyParts, error: unknown, res: ServerResponse, words: Words): void {
  if (error instanceof ClientGone) {
    res.destroy();
    return;
  }
  const refusal = refusalOfFault(error);
  if (refusal === undefined) {
    parts.onFault('Serving a call', error);
  }
  words.refuse(res, refusal ?? refuse('internal_fault'));
}

/**
 * Node could not read the request: say why, then hang up. Nobody knows which route was meant, so the body
 * is in both dialects at once.
 */
function answerUnreadable(
  parts: ProxyParts,
  error: NodeJS.ErrnoException,
  socket: Socket,
  options: ProxyOptions,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? refuse('headers_too_large', { limitBytes: options.headerMaxBytes })
      : refuse('request_unreadable');
  const requestId = newId();
  parts.remember(requestId, refusal);
  const body = `{"type":"error",${openaiError(refusal, requestId).slice(1)}`;
  const { status } = REFUSALS[refusal.refused];
  socket.end(
    `HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
