// Reads one HTTP/1.1 answer as cheaply as can be: the load generator must not be what is measured.

const END_OF_HEAD = '\r\n\r\n';
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const CRLF_LENGTH = 2;

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** The answer that these bytes are; undefined while some of it is still to come. */
export function readAnswer(bytes: Buffer): Answer | undefined {
  const head = bytes.indexOf(END_OF_HEAD);
  if (head === -1) {
    return undefined;
  }
  const text = bytes.toString('latin1', 0, head);
  const status = Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  const bodyStart = head + END_OF_HEAD.length;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
  if (length === undefined) {
    const body = unchunked(bytes, bodyStart);
    return body === undefined ? undefined : { status, body };
  }
  const end = bodyStart + Number(length);
  return bytes.length < end ? undefined : { status, body: bytes.subarray(bodyStart, bytes.length) };
}

/** The body without its framing; undefined while the last chunk has not come. */
function unchunked(bytes: Buffer, start: number): Buffer | undefined {
  const isWhole =
    bytes.length >= start + LAST_CHUNK.length &&
    bytes.compare(LAST_CHUNK, 0, LAST_CHUNK.length, bytes.length - LAST_CHUNK.length) === 0;
  if (!isWhole) {
    return undefined;
  }
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const endOfSize = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, endOfSize), 16);
    if (!(size > 0)) {
      return Buffer.concat(parts);
    }
    const from = endOfSize + CRLF_LENGTH;
    parts.push(bytes.subarray(from, from + size));
    at = from + size + CRLF_LENGTH;
  }
}
