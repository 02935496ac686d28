// The text of a command as Slack hands it on becomes words: quotes are taken off, and what Slack made
// of addresses, people and channels becomes what was typed again.

/** One word. `key` is what stood before the first "=" outside of quotes. */
export interface Word {
  readonly key?: string;
  readonly value: string;
  /** As Slack handed it on: people and groups with their ids. */
  readonly raw: string;
  /** Began with two hyphens. */
  readonly flag: boolean;
}

export interface Words {
  readonly words: readonly Word[];
  /** What can't be read at all. */
  readonly complaint?: string;
}

// Keyboards and phones make curly quotes of straight ones.
const DOUBLE_QUOTES = '"“”„‟«»';
const SINGLE_QUOTES = "'‘’‚";
/** What was opened by a straight one may hold curly ones. */
const STRAIGHT_QUOTES = `"'`;
// Two hyphens become one long dash on Apple's keyboards.
const FLAG = /^(?:--|—|–)(?=[A-Za-z])/;

/** Splits the text of a command into words. */
export function wordsOf(text: string): Words {
  const words: Word[] = [];
  const characters = Array.from(text.normalize('NFC'));
  let at = 0;
  while (at < characters.length) {
    if (isSpace(characters[at])) {
      at += 1;
      continue;
    }
    const read = readWord(characters, at);
    if (read.unclosed) {
      const complaint = `a quotation mark before “${characters.slice(at, at + 20).join('')}” is never closed`;
      return { words, complaint: `${complaint}; add one at its end` };
    }
    words.push(read.word);
    at = read.end;
  }
  return { words };
}

interface ReadWord {
  readonly word: Word;
  readonly end: number;
  readonly unclosed: boolean;
}

function readWord(characters: readonly string[], start: number): ReadWord {
  let key: string | undefined;
  let value = '';
  let at = start;
  while (at < characters.length && !isSpace(characters[at])) {
    const character = characters[at] as string;
    const closers = value === '' ? closersOf(character) : undefined;
    if (closers !== undefined) {
      const quote =
        (STRAIGHT_QUOTES.includes(character)
          ? readQuote(characters, at + 1, character)
          : undefined) ?? readQuote(characters, at + 1, closers);
      if (quote === undefined) {
        return { word: { value, raw: value, flag: false }, end: at, unclosed: true };
      }
      value += quote.value;
      at = quote.end;
    } else if (character === '<') {
      const end = characters.indexOf('>', at);
      const last = end === -1 ? characters.length - 1 : end;
      value += characters.slice(at, last + 1).join('');
      at = last + 1;
    } else if (character === '=' && key === undefined && /^[\p{L}_—–-]+$/u.test(value)) {
      key = value;
      value = '';
      at += 1;
    } else {
      value += character;
      at += 1;
    }
  }
  return { word: wordFrom(key, value), end: at, unclosed: false };
}

function wordFrom(key: string | undefined, value: string): Word {
  const named = key ?? value;
  const flag = FLAG.test(named);
  const bare = named.replace(FLAG, '').toLowerCase();
  if (key !== undefined) {
    return { key: bare, value: typed(value), raw: value, flag };
  }
  return flag ? { key: bare, value: '', raw: '', flag } : { value: typed(value), raw: value, flag };
}

function closersOf(character: string): string | undefined {
  if (DOUBLE_QUOTES.includes(character)) {
    return DOUBLE_QUOTES;
  }
  return SINGLE_QUOTES.includes(character) ? SINGLE_QUOTES : undefined;
}

interface Quote {
  readonly value: string;
  /** Behind the mark that closes it. */
  readonly end: number;
}

/**
 * What stands up to the mark that closes. It stands at the end of a word, so that apostrophes inside close
 * nothing; one behind a backslash belongs to the text. Backslashes count only before a mark, as shells have it.
 */
function readQuote(
  characters: readonly string[],
  from: number,
  closers: string,
): Quote | undefined {
  let value = '';
  let backslashes = 0;
  for (let at = from; at < characters.length; at += 1) {
    const character = characters[at] as string;
    const isMark = closers.includes(character);
    const isLast = at + 1 === characters.length || isSpace(characters[at + 1]);
    if (character === '\\') {
      backslashes += 1;
    } else if (isMark && isLast && backslashes % 2 === 0) {
      return { value: value + '\\'.repeat(backslashes / 2), end: at + 1 };
    } else {
      value += '\\'.repeat(isMark ? Math.floor(backslashes / 2) : backslashes) + character;
      backslashes = 0;
    }
  }
  return undefined;
}

/** A value as it may stand in a command that a button or a message carries: read again, it is the same. */
export function quoted(value: string): string {
  const kept = typed(value) === value ? value : escapedControls(value);
  if (/^[^\s\u200b\u2060\ufeff"'“”„‟«»‘’‚=<—–-][^\s\u200b\u2060\ufeff=<]*$/.test(kept)) {
    return kept;
  }
  const marked = kept.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${marked}"`;
}

function escapedControls(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /[\s\u200b\u2060\ufeff]/.test(character);
}

/** Undoes what Slack did to links and to the three control characters; channels keep their ids. */
function typed(value: string): string {
  return value
    .replaceAll(/<(https?:[^|>]*)\|([^>]*)>/g, '$2')
    .replaceAll(/<mailto:[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<((?:https?|mailto):[^>]*)>/g, '$1')
    .replaceAll(/<@([UW][A-Z0-9]+)\|([^>]*)>/g, '@$2')
    .replaceAll(/<!subteam\^[A-Z0-9]+\|@?([^>]*)>/g, '@$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
