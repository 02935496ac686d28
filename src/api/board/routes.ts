// The operator's page. Only who has the admin key sees anything of it. What can be changed through it is done by code of
// ours (again.ts), for requests of the page itself; every other request that would change something is refused before
// the page's own code hears of it.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Queue } from 'bullmq';
import type { Logger } from 'pino';
import type { Secret } from '../../config/secret.ts';
import { MINUTE_MS } from '../../core/time.ts';
import type { Stores } from '../../core/stores.ts';
import type { Clock } from '../../core/time.ts';
import { complaintAboutAdmin } from '../admin-key.ts';
import { readForms } from '../page/forms.ts';
import { sendPage } from '../reply.ts';
import type { Place } from '../route-table.ts';
import { AGAIN_PLACES, doAgain } from './again.ts';
import type { Again } from './again.ts';
import { BOARD_PATH, endedCookie, hasSession, isSameOrigin, sessionCookie } from './session.ts';
import { signInPage, signOutPage } from './sign-in-page.ts';

export interface BoardParts {
  readonly adminKey: Secret;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly log: Logger;
  readonly stores: Pick<Stores, 'records'>;
  /** Connects to the tasks when the page is first opened; absent where there is no queue. */
  readonly openQueue?: () => Promise<Queue>;
}

/** What the page's other buttons ask by. */
const CHANGING_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const BOARD_PLACES: readonly Place[] = [
  { method: 'GET', path: BOARD_PATH },
  { method: 'GET', path: `${BOARD_PATH}/*` },
  ...AGAIN_PLACES.map(({ method, path }) => ({ method, path })),
  ...CHANGING_METHODS.map((method) => ({ method, path: `${BOARD_PATH}/api/*` })),
  { method: 'POST', path: `${BOARD_PATH}/sign-in` },
  { method: 'GET', path: `${BOARD_PATH}/sign-out` },
  { method: 'POST', path: `${BOARD_PATH}/sign-out` },
];

/** Wrong keys that a process takes in a minute: people mistype, programs guess. */
const GUESSES_PER_MINUTE = 20;

/** The page asks for its own files and figures, and for nothing else on the network. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'";

export function addBoard(app: FastifyInstance, parts: BoardParts): void {
  const isSecure = parts.publicUrl.startsWith('https:');
  const guesses = createGuesses(parts.clock);
  const board = createBoardOnce(parts);
  app.addHook('onClose', async () => board.close());
  app.register(async (scope) => {
    readForms(scope, parts.log);
    const hasKey = ({ headers }: FastifyRequest): boolean =>
      complaintAboutAdmin(headers, parts.adminKey) === undefined;
    const isSignedIn = ({ headers }: FastifyRequest): boolean =>
      hasSession(headers, parts.adminKey, parts.clock());
    const isKnown = (request: FastifyRequest): boolean => isSignedIn(request) || hasKey(request);
    const show = async (request: FastifyRequest, reply: FastifyReply) =>
      isKnown(request) ? board.show(request, reply) : sendPage(reply, signInPage());
    scope.get(BOARD_PATH, show);
    scope.get(`${BOARD_PATH}/*`, show);
    for (const { path, what } of AGAIN_PLACES) {
      scope.put<{ Params: { id: string } }>(path, async (request, reply) => {
        const isOfPage = isSignedIn(request) && isSameOrigin(request.headers);
        if (!isOfPage && !hasKey(request)) {
          return reply.code(403).send({ error: 'Open this page itself, with the admin key.' });
        }
        const complaint = await board.again(what, request.params.id);
        return complaint === undefined
          ? reply.code(204).send()
          : reply.code(409).send({ error: complaint });
      });
    }
    // The page shows what `error` says beside the button.
    scope.route({
      method: [...CHANGING_METHODS],
      url: `${BOARD_PATH}/api/*`,
      handler: async (_request, reply) => reply.code(403).send(NOT_FROM_HERE),
    });
    scope.post(`${BOARD_PATH}/sign-in`, async ({ headers, body }, reply) => {
      if (!isSameOrigin(headers)) {
        return sendPage(reply, signInPage('Open this page itself to sign in.', 403));
      }
      if (guesses.areTooMany()) {
        return sendPage(reply, signInPage('Too many wrong keys: wait for a minute.', 429));
      }
      const key = body instanceof URLSearchParams ? (body.get('key') ?? '') : '';
      const sent = { authorization: `Bearer ${key.trim()}` };
      if (complaintAboutAdmin(sent, parts.adminKey) !== undefined) {
        guesses.note();
        return sendPage(reply, signInPage('This is not the admin key.'));
      }
      const cookie = sessionCookie(parts.adminKey, parts.clock(), isSecure);
      return reply.header('set-cookie', cookie).redirect(BOARD_PATH, SEE_OTHER);
    });
    scope.get(`${BOARD_PATH}/sign-out`, async (_request, reply) => sendPage(reply, signOutPage()));
    scope.post(`${BOARD_PATH}/sign-out`, async ({ headers }, reply) =>
      isSameOrigin(headers)
        ? reply.header('set-cookie', endedCookie(isSecure)).redirect(BOARD_PATH, SEE_OTHER)
        : sendPage(reply, signOutPage()),
    );
  });
}

const SEE_OTHER = 303;

const NOT_FROM_HERE = {
  error: 'Nothing was changed',
  message: 'Here a failed task can be tried again, and a delayed one run now. Nothing else.',
} as const;

/** Loads the page once, for whoever is first; a start that failed is tried again by the next. */
function createBoardOnce({ openQueue, stores }: BoardParts) {
  const load = async () => {
    if (openQueue === undefined) {
      throw new Error('Showing the tasks: this process knows no queue');
    }
    const { openBoard } = await import('./board.ts');
    const queue = await openQueue();
    return { queue, page: await openBoard(queue) };
  };
  let loading: ReturnType<typeof load> | undefined;
  return {
    async again(what: Again, id: string): Promise<string | undefined> {
      loading ??= load();
      return doAgain(stores, (await loading).queue, what, id);
    },
    async show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
      loading ??= load();
      try {
        const { page } = await loading;
        reply.raw.setHeader('content-security-policy', POLICY);
        reply.raw.setHeader('cache-control', 'private, no-store');
        reply.raw.setHeader('x-content-type-options', 'nosniff');
        reply.raw.setHeader('referrer-policy', 'no-referrer');
        reply.hijack();
        page.routing(request.raw, reply.raw);
        return reply;
      } catch (error) {
        loading = undefined;
        throw error;
      }
    },
    async close() {
      const loaded = await loading?.catch(() => undefined);
      await loaded?.page.close();
      await loaded?.queue.close();
    },
  };
}

/** Counts wrong keys of the present minute, of all addresses together: behind proxies they look alike. */
function createGuesses(clock: Clock) {
  let minute = 0;
  let wrong = 0;
  const turn = (): void => {
    const now = Math.floor(clock() / MINUTE_MS);
    wrong = now === minute ? wrong : 0;
    minute = now;
  };
  return {
    areTooMany() {
      turn();
      return wrong >= GUESSES_PER_MINUTE;
    },
    note() {
      turn();
      wrong += 1;
    },
  };
}
