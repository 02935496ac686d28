// Finds the members of a JSON object in its text, so that a body can be changed in one place and stay
// as it came in all others. Only ever given text that JSON.parse accepted.

/** Where a member of the outermost object stands. */
export interface Field {
  readonly name: string;
  readonly nameStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The members of the outermost object, in order, duplicates included. */
export function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const nameEnd = endOfString(text, at);
    const plain = text.slice(at + 1, nameEnd - 1);
    const name = plain.includes('\\') ? (JSON.parse(`"${plain}"`) as string) : plain;
    const valueStart = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    fields.push({ name, nameStart: at, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === ',') {
      at = skipSpace(text, at + 1);
    }
  }
  return fields;
}

/**
 * The text with some members set, or left out where they are set to undefined. All others stay as they
 * came, to the byte; members that were not there come last.
 */
export function withFields(
  text: string,
  fields: readonly Field[],
  changes: Readonly<Record<string, unknown>>,
): string {
  const standing = new Set(fields.map((field) => field.name));
  const kept = fields
    .filter(({ name }) => !(Object.hasOwn(changes, name) && changes[name] === undefined))
    .map(({ name, nameStart, valueStart, valueEnd }) =>
      Object.hasOwn(changes, name)
        ? text.slice(nameStart, valueStart) + JSON.stringify(changes[name])
        : text.slice(nameStart, valueEnd),
    );
  const added = Object.entries(changes)
    .filter(([name, value]) => !standing.has(name) && value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${[...kept, ...added].join(',')}}`;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') {
    at += 1;
  }
  return at;
}

function endOfString(text: string, start: number): number {
  let at = start;
  for (;;) {
    at = text.indexOf('"', at + 1);
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return at + 1;
    }
  }
}

/** Where a value ends that begins at a place of a JSON text. */
export function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') {
    return endOfString(text, start);
  }
  return first === '{' || first === '[' ? endOfNest(text, start) : endOfWord(text, start);
}

function endOfNest(text: string, start: number): number {
  const marks = /["{}[\]]/g;
  marks.lastIndex = start;
  let depth = 0;
  for (;;) {
    const mark = marks.exec(text);
    if (mark === null) {
      return text.length;
    }
    if (mark[0] === '"') {
      marks.lastIndex = endOfString(text, mark.index);
    } else if (mark[0] === '{' || mark[0] === '[') {
      depth += 1;
    } else {
      depth -= 1;
      if (depth === 0) {
        return mark.index + 1;
      }
    }
  }
}

function endOfWord(text: string, start: number): number {
  const end = /[,}\s]/g;
  end.lastIndex = start;
  return end.exec(text)?.index ?? text.length;
}
