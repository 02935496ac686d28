import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.ts';
import type { Page } from './page/layout.ts';

/** Sends JSON that nobody on the way may keep. */
export function sendAnswer(
  reply: FastifyReply,
  { status, body, headers = {} }: Answer,
): FastifyReply {
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers })
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body));
}

export function sendPage(reply: FastifyReply, { status, headers, body }: Page): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
