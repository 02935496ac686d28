import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { messageOf } from '../../thrown.ts';
import type { Control } from '../control.ts';
import { BODY_BYTES_MAX } from '../limits.ts';
import type { Office } from '../office.ts';
import { sendJson } from './answer.ts';
import { readArguments } from './body.ts';
import { workspaceState } from './local-state.ts';

/** What the page asks and does, under `/local/`. It acts through the same control as tests do. */

const text = z.string();
const where = { user: text, messageStamp: text.optional(), viewId: text.optional() };
const values = z.record(z.string(), z.unknown()).optional();

const clickGiven = z.strictObject({
  ...where,
  actionId: text,
  blockId: text.optional(),
  value: z.unknown().optional(),
  values,
});

type Act = (control: Control, given: unknown) => unknown;

function act<S extends z.ZodType>(
  given: S,
  run: (control: Control, given: z.infer<S>) => unknown,
): Act {
  return (control, body) => run(control, given.parse(body));
}

const ACTS: ReadonlyMap<string, Act> = new Map([
  [
    'command',
    act(z.strictObject({ user: text, channel: text, text }), (control, given) =>
      control.command(given),
    ),
  ],
  [
    'say',
    act(
      z.strictObject({ user: text, channel: text, text, threadStamp: text.optional() }),
      (control, given) => control.say(given),
    ),
  ],
  ['click', act(clickGiven, (control, given) => control.click(given))],
  [
    'submit',
    act(z.strictObject({ user: text, viewId: text, values }), (control, given) =>
      control.submitView(given),
    ),
  ],
  [
    'close',
    act(z.strictObject({ user: text, viewId: text, all: z.boolean() }), (control, given) =>
      control.closeView(given),
    ),
  ],
  [
    'typeahead',
    act(
      z.strictObject({ ...where, actionId: text, blockId: text.optional(), query: text }),
      (control, given) => control.typeahead(given),
    ),
  ],
  [
    'shortcut',
    act(
      z.strictObject({ user: text, callbackId: text, messageStamp: text.optional() }),
      (control, given) => control.shortcut(given),
    ),
  ],
  ['home', act(z.strictObject({ user: text }), (control, given) => control.openHome(given))],
  [
    'react',
    act(
      z.strictObject({ user: text, channel: text, messageStamp: text, name: text }),
      (control, given) => control.react(given),
    ),
  ],
]);

/** `GET /local/state|messages|views|home|stream`, `POST /local/act/<what>` */
export async function answerLocal(
  office: Office,
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const user = url.searchParams.get('user') ?? '';
  switch (url.pathname) {
    case '/local/state':
      sendJson(response, 200, workspaceState(office));
      return;
    case '/local/messages': {
      const channel = url.searchParams.get('channel') ?? '';
      sendJson(response, 200, control.messages({ channel, user }));
      return;
    }
    case '/local/views':
      sendJson(response, 200, control.views({ user }));
      return;
    case '/local/home':
      sendJson(response, 200, control.home({ user }) ?? null);
      return;
    case '/local/stream':
      stream(office, user, response);
      return;
    default:
      await answerAct(control, request, response, url);
  }
}

async function answerAct(
  control: Control,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const chosen = ACTS.get(url.pathname.slice('/local/act/'.length));
  if (!chosen || request.method !== 'POST') {
    sendJson(response, 404, { ok: false, error: 'no such action' });
    return;
  }
  // A form of another site can't send JSON without asking first, which is refused.
  if (request.headers['content-type'] !== 'application/json') {
    sendJson(response, 415, { ok: false, error: 'JSON only' });
    return;
  }
  try {
    const given = await readArguments(request, BODY_BYTES_MAX);
    sendJson(response, 200, await chosen(control, given));
  } catch (thrown) {
    sendJson(response, 409, { ok: false, sentence: messageOf(thrown) });
  }
}

/** Tells the page what changed, as it changes; ends with the page's connection. */
function stream(office: Office, user: string, response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.write('retry: 1000\n\n');
  const unsubscribe = office.changes.subscribe((change) => {
    if (change.user === undefined || change.user === user) {
      response.write(`data: ${JSON.stringify(change)}\n\n`);
    }
  });
  response.once('close', unsubscribe);
}
