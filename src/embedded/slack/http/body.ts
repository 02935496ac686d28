import type { IncomingMessage } from 'node:http';

/** A request that is refused before it is understood. */
export class BodyRefused extends Error {
  override name = 'BodyRefused';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads a body of at most `maxBytes`. Throws BodyRefused if it is larger. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) {
      throw new BodyRefused(413, `The body is larger than ${maxBytes} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function contentType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The arguments of a call, from JSON or a form. Throws BodyRefused for anything else. */
export async function readArguments(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const body = await readBody(request, maxBytes);
  const type = contentType(request);
  if (body.length === 0) {
    return {};
  }
  switch (type) {
    case 'application/json':
      return parseJson(body);
    case 'application/x-www-form-urlencoded':
      return Object.fromEntries(new URLSearchParams(body.toString()));
    case 'multipart/form-data':
      return Object.fromEntries(await formData(request, body));
    default:
      throw new BodyRefused(400, 'invalid_form_data');
  }
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    const value = JSON.parse(body.toString()) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through to the refusal: what isn't JSON and what isn't an object are refused alike.
  }
  throw new BodyRefused(400, 'invalid_json');
}

async function formData(request: IncomingMessage, body: Buffer): Promise<FormData> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  try {
    return await new Response(new Uint8Array(body), { headers }).formData();
  } catch (thrown) {
    throw new BodyRefused(400, `invalid_multipart: ${String(thrown)}`);
  }
}

/** The bytes of an upload: the first file of a form, or the body as it is. */
export async function readUpload(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const body = await readBody(request, maxBytes);
  if (contentType(request) !== 'multipart/form-data') {
    return body;
  }
  const [value = ''] = (await formData(request, body)).values();
  return typeof value === 'string'
    ? Buffer.from(value)
    : Buffer.from(new Uint8Array(await value.arrayBuffer()));
}
