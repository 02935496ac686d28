// Examples that are commands of a shell, and those that are a request line with a body.

import { lineAt } from './example.ts';
import type { Example } from './example.ts';

export interface Found {
  readonly example: Example;
  readonly from: number;
  readonly to: number;
}

/** Every `curl` of a document. */
export function curlsIn(document: string, text: string): Found[] {
  return [...text.matchAll(/^\s*curl /gm)].map(({ index }) => {
    const { words, end } = wordsFrom(text, index);
    const place = `${document}:${lineAt(text, text.indexOf('curl', index))}`;
    return { example: exampleFrom(place, words), from: index, to: end };
  });
}

/** Words as a shell reads them, up to the end of the command. */
function wordsFrom(text: string, from: number): { words: string[]; end: number } {
  const words: string[] = [];
  let word: string | undefined;
  let at = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  for (; at < text.length && text[at] !== '\n'; at += 1) {
    const char = text[at] ?? '';
    if (char === "'" || char === '"') {
      const close = text.indexOf(char, at + 1);
      word = (word ?? '') + text.slice(at + 1, close);
      at = close;
    } else if (char === '\\' && text[at + 1] === '\n') {
      at += 1;
    } else if (/\s/.test(char)) {
      words.push(...(word === undefined ? [] : [word]));
      word = undefined;
    } else {
      word = (word ?? '') + char;
    }
  }
  return { words: word === undefined ? words : [...words, word], end: at };
}

const WITH_VALUE = /^(-X|--request|-H|--header|-d|--data|--data-raw)$/;

function exampleFrom(place: string, [, ...words]: readonly string[]): Example {
  const valueOf = (...names: string[]): string | undefined =>
    words[words.findIndex((word) => names.includes(word)) + 1];
  const has = (...names: string[]): boolean => words.some((word) => names.includes(word));
  const body = has('-d', '--data', '--data-raw')
    ? valueOf('-d', '--data', '--data-raw')
    : undefined;
  const url = words.find(
    (word, at) => !word.startsWith('-') && !WITH_VALUE.test(words[at - 1] ?? ''),
  );
  const asked = has('-X', '--request') ? valueOf('-X', '--request') : undefined;
  return {
    place,
    method: asked ?? (body === undefined ? 'GET' : 'POST'),
    path: pathOf(url ?? ''),
    ...(body === undefined ? {} : { body: JSON.parse(body) as unknown }),
    reads: [],
  };
}

export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** `POST /path` and a body, alone in a block. */
export function requestLinesIn(document: string, text: string): Found[] {
  const block = /```bash\n(GET|POST|PUT|DELETE) (\/\S+)\n([^`]*)```/g;
  return [...text.matchAll(block)].map((match) => {
    const [whole, method = '', path = '', rest = ''] = match;
    const place = `${document}:${lineAt(text, match.index) + 1}`;
    const body = rest.trim() === '' ? {} : { body: JSON.parse(rest) as unknown };
    const example = { place, method, path, ...body, reads: [] };
    return { example, from: match.index, to: match.index + whole.length };
  });
}
