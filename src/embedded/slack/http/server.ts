import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../thrown.ts';
import type { Control } from '../control.ts';
import type { Office } from '../office.ts';
import { send, sendJson } from './answer.ts';
import { BodyRefused } from './body.ts';
import { answerLocal } from './local.ts';
import { isAddressedToUs, isOwnOrigin } from './loopback.ts';
import { answerPage } from './page.ts';
import { answerFile, answerMethod, answerResponseUrl } from './web-api.ts';

export type Listening = { port: number; close(): Promise<void> };

/** Listens on a loopback address; rejects if the port is taken. */
export async function listen(
  office: Office,
  control: Control,
  host: string,
  port: number,
): Promise<Listening> {
  const server = createServer();
  const actual = await bind(server, host, port);
  server.on('request', (request, response) => {
    void answer(office, control, actual, request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', office.url);
    const ticket = url.searchParams.get('ticket') ?? '';
    const isOurs = isAddressedToUs(request, actual) && url.pathname === '/link/';
    if (!isOurs || !office.passes.useSocketTicket(ticket)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    office.delivery.accept(request, socket, head);
  });
  return { port: actual, close: () => close(server) };
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const cure = 'choose another port';
      const message = `Cannot start the workspace on ${host}:${port}: ${error.message}, ${cure}`;
      reject(new Error(message, { cause: error }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function answer(
  office: Office,
  control: Control,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    if (!isAddressedToUs(request, port)) {
      send(response, 421, 'text/plain', 'This server answers to its loopback address alone');
      return;
    }
    const url = new URL(request.url ?? '/', office.url);
    await route(office, control, port, request, response, url);
  } catch (thrown) {
    const status = thrown instanceof BodyRefused ? thrown.status : 500;
    if (!response.headersSent) {
      sendJson(response, status, { ok: false, error: messageOf(thrown) });
    }
  }
}

async function route(
  office: Office,
  control: Control,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, room = ''] = url.pathname.split('/');
  switch (room) {
    case 'api':
      return answerMethod(office, request, response, url);
    case 'commands':
    case 'actions':
      return answerResponseUrl(office, request, response, url);
    case 'files':
      return answerFile(office, request, response, url);
    case 'local':
      return isOwnOrigin(request, port)
        ? answerLocal(office, control, request, response, url)
        : sendJson(response, 403, { ok: false, error: 'cross-origin requests are refused' });
    case 'archives':
      return send(response, 302, 'text/plain', '', { location: permalinkTarget(url) });
    default:
      return answerPage(response, url.pathname);
  }
}

/** `/archives/C…/p1234567890123456` shows that message in the page. */
function permalinkTarget(url: URL): string {
  const [, , channel = '', point = ''] = url.pathname.split('/');
  const digits = point.replace(/\D/gu, '');
  return `/#/${encodeURIComponent(channel)}/${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    // Pages hold their stream open for as long as they are shown.
    server.closeAllConnections();
  });
}
