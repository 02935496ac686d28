import { composeAnswer, plainBody, streamEvents } from './answer.ts';
import { embeddingsBody } from './embeddings.ts';
import { answerMessages, messageEvents, plainMessage } from './messages.ts';
import { readCompletion } from './request.ts';
import { fields } from './tokens.ts';

/** A whole reply, ready to be sent; `events` when it is a stream. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** The same bytes cut into server-sent events. */
  readonly events: readonly Buffer[] | null;
  readonly model: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly dialect: Dialect;
}

export type Dialect = 'openai' | 'anthropic';

export type Route = 'chat' | 'text' | 'embeddings' | 'messages';

/** What a route is spoken to in. */
export function dialectOf(route: Route | null): Dialect {
  return route === 'messages' ? 'anthropic' : 'openai';
}

/** The route of a path, with or without the leading `/v1`. */
export function routeOf(path: string): Route | null {
  switch (path.replace(/^\/v1(?=\/)/, '')) {
    case '/chat/completions':
      return 'chat';
    case '/completions':
      return 'text';
    case '/embeddings':
      return 'embeddings';
    case '/messages':
      return 'messages';
    default:
      return null;
  }
}

/** Composes the reply to one request body. Never throws: what is wrong is a reply with status 400. */
export function composeReply(route: Route, text: string, withUsage: boolean): Reply {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return errorReply(
      400,
      'We could not parse the JSON body of your request.',
      'invalid_request_error',
      dialectOf(route),
    );
  }
  const named = fields(body)['model'];
  const model = typeof named === 'string' ? named : '';
  if (route === 'embeddings') {
    const made = embeddingsBody(body);
    return 'wrong' in made
      ? errorReply(400, made.wrong, 'invalid_request_error')
      : { ...jsonReply(made.text), model, promptTokens: made.promptTokens };
  }
  if (route === 'messages') {
    return composeMessage(body, model, withUsage);
  }
  const request = readCompletion(body, route);
  if (typeof request === 'string') {
    return errorReply(400, request, 'invalid_request_error');
  }
  const answer = composeAnswer(request, route);
  const counts = {
    model,
    promptTokens: answer.usage.prompt_tokens,
    completionTokens: answer.usage.completion_tokens,
  };
  return request.stream
    ? { ...streamReply(streamEvents(answer, route, request.includeUsage && withUsage)), ...counts }
    : { ...jsonReply(plainBody(answer, route, withUsage)), ...counts };
}

function composeMessage(body: unknown, model: string, withUsage: boolean): Reply {
  const made = answerMessages(body);
  if (typeof made === 'string') {
    return errorReply(400, made, 'invalid_request_error', 'anthropic');
  }
  return {
    ...(made.stream
      ? streamReply(messageEvents(made, withUsage))
      : jsonReply(plainMessage(made, withUsage))),
    model,
    promptTokens: made.answer.usage.prompt_tokens,
    completionTokens: made.answer.usage.completion_tokens,
    dialect: 'anthropic',
  };
}

function streamReply(events: readonly string[]): Reply {
  return {
    ...jsonReply(events.join('')),
    contentType: 'text/event-stream; charset=utf-8',
    events: events.map((event) => Buffer.from(event)),
  };
}

/** An error in the shape of a dialect. */
export function errorReply(
  status: number,
  message: string,
  type: string,
  dialect: Dialect = 'openai',
): Reply {
  const body =
    dialect === 'anthropic'
      ? { type: 'error', error: { type, message } }
      : { error: { message, type, param: null, code: null } };
  return { ...jsonReply(JSON.stringify(body)), status, dialect };
}

/** Any JSON text as a reply. */
export function jsonReply(text: string): Reply {
  return {
    status: 200,
    contentType: 'application/json',
    body: Buffer.from(text),
    events: null,
    model: '',
    promptTokens: 0,
    completionTokens: 0,
    dialect: 'openai',
  };
}
