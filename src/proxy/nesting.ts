// Parsing takes its time by what a text is made of, not by its length: sixteen megabytes of brackets hold
// the event loop for seconds. One pass over the bytes tells, before anything is parsed.

/** Deeper than any schema of a tool. */
const DEPTH_MAX = 128;
/** More members than any conversation; 16 MB of text and pictures have few. */
const MEMBERS_MAX = 500_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** What makes a JSON text too costly to parse, or undefined if nothing does. */
export function complaintAboutNesting(bytes: Buffer): string | undefined {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    } else if (byte === COMMA) {
      members += 1;
    }
    if (depth > DEPTH_MAX) {
      return `it is nested more than ${DEPTH_MAX} levels deep`;
    }
    if (members > MEMBERS_MAX) {
      return `it has more than ${MEMBERS_MAX} members`;
    }
  }
  return undefined;
}

/** Where the closing quote stands; the end of the text if there is none. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    at = bytes.indexOf(QUOTE, at + 1);
    if (at === -1) {
      return bytes.length;
    }
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === BACKSLASH) {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return at;
    }
  }
}
