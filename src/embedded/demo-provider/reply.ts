import { composeAnswer, plainBody, streamEvents } from './answer.ts';
import { embeddingsBody } from './embeddings.ts';
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
}

export type Route = 'chat' | 'text' | 'embeddings';

/** The route of a path, with or without the leading `/v1`. */
export function routeOf(path: string): Route | null {
  switch (path.replace(/^\/v1(?=\/)/, '')) {
    case '/chat/completions':
      return 'chat';
    case '/completions':
      return 'text';
    case '/embeddings':
      return 'embeddings';
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
  if (!request.stream) {
    return { ...jsonReply(plainBody(answer, route, withUsage)), ...counts };
  }
  const events = streamEvents(answer, route, request.includeUsage && withUsage);
  return {
    status: 200,
    contentType: 'text/event-stream; charset=utf-8',
    body: Buffer.from(events.join('')),
    events: events.map((event) => Buffer.from(event)),
    ...counts,
  };
}

/** An error in OpenAI's shape. */
export function errorReply(status: number, message: string, type: string): Reply {
  const error = { message, type, param: null, code: null };
  return { ...jsonReply(JSON.stringify({ error })), status };
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
  };
}
