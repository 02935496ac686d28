import type { IncomingMessage, ServerResponse } from 'node:http';
import { callMethod } from '../api/methods.ts';
import { BODY_BYTES_MAX, UPLOAD_BYTES_MAX } from '../limits.ts';
import type { Office } from '../office.ts';
import type { Outage } from '../outages.ts';
import { applyAnswer } from '../responses.ts';
import { send, sendJson } from './answer.ts';
import { readArguments, readUpload } from './body.ts';

/** What the app calls: the Web API, response addresses, uploads. */

function bearer(request: IncomingMessage): string | undefined {
  return /^Bearer\s+(\S+)$/iu.exec(request.headers.authorization ?? '')?.[1];
}

/** `POST /api/<method>` */
export async function answerMethod(
  office: Office,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.slice('/api/'.length);
  const fromBody = await readArguments(request, BODY_BYTES_MAX);
  const { token: credential, ...given } = { ...Object.fromEntries(url.searchParams), ...fromBody };
  office.transcript.write('call', { method: name, arguments: given });
  const shown = typeof credential === 'string' ? credential : undefined;
  const outage = office.outages.meet(name);
  if (outage) {
    if (outage.losesAnswer === true) {
      callMethod(office, name, bearer(request) ?? shown, given);
    }
    fail(response, outage);
    return;
  }
  const answer = callMethod(office, name, bearer(request) ?? shown, given);
  // The address of a connection holds its ticket.
  office.transcript.write('answer', name === 'apps.connections.open' ? answer.ok : answer);
  sendJson(response, 200, answer);
}

function fail(response: ServerResponse, { status, retryAfterSeconds = 1 }: Outage): void {
  if (status === 'silent') {
    return;
  }
  response.setHeader('retry-after', String(retryAfterSeconds));
  const error = status === 429 ? 'ratelimited' : 'internal_error';
  sendJson(response, status, { ok: false, error });
}

/** `POST /commands/<team>/<pass>` and `/actions/<team>/<pass>` */
export async function answerResponseUrl(
  office: Office,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const given = await readArguments(request, BODY_BYTES_MAX);
  office.transcript.write('response_url', given);
  const outage = office.outages.meet('response_url');
  if (outage) {
    fail(response, outage);
    return;
  }
  const used = office.passes.useResponsePass(url.pathname.split('/').at(-1) ?? '');
  if (!used.ok) {
    sendJson(response, 404, { ok: false, error: used.error });
    return;
  }
  const applied = applyAnswer(office, used.pass, given);
  if (!applied.ok) {
    const { error, messages } = applied;
    office.transcript.write('response_url refused', { error, messages });
    sendJson(response, 400, { ok: false, error, response_metadata: { messages } });
    return;
  }
  send(response, 200, 'text/plain; charset=utf-8', 'ok');
}

/** `POST` to the address that files.getUploadURLExternal gave; `GET` reads the file. */
export async function answerFile(
  office: Office,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const entry = [...office.files.values()].find((one) => one.file.path === url.pathname);
  if (!entry) {
    send(response, 404, 'text/plain', 'no such file');
    return;
  }
  if (request.method === 'POST') {
    entry.bytes = await readUpload(request, UPLOAD_BYTES_MAX);
    office.transcript.write('upload', entry.bytes.toString());
    send(response, 200, 'text/plain', `OK - ${entry.bytes.length}`);
    return;
  }
  const isImage = entry.file.mimetype.startsWith('image/');
  send(response, 200, entry.file.mimetype, entry.bytes, {
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': isImage ? 'inline' : 'attachment',
  });
}
