import { refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';

/** Carries a refusal out of fastify's body parsing, which knows errors only. */
export class BodyRefused extends Error {
  override readonly name = 'BodyRefused';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super('Reading a body: refused');
    this.refusal = refusal;
  }
}

/**
 * Reads a body as JSON whatever its content type says, as `curl -d` sends forms unless told. An empty
 * body is no body: `curl -X POST -H "Content-Type: application/json"` sends just that.
 */
export function jsonFrom(bytes: Buffer): unknown {
  if (bytes.length === 0) {
    return undefined;
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.trim() === '' ? undefined : JSON.parse(text);
  } catch (error) {
    const complaint = error instanceof SyntaxError ? placeIn(error.message) : 'it is not UTF-8';
    throw new BodyRefused(refuse('body_not_json', { complaint }));
  }
}

/** Where it stops being JSON, without repeating what stands there. */
function placeIn(message: string): string {
  const position = /position \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0];
  if (position !== undefined) {
    return `it stops making sense at ${position}`;
  }
  return message.includes('end of JSON input')
    ? 'it ends too early'
    : 'it does not make sense from its beginning';
}
