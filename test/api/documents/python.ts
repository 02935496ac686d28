// Examples that call `requests`: what they send, and what they read out of the answer.

import { pathOf } from './curl.ts';
import { lineAt } from './example.ts';
import type { Example, Read } from './example.ts';

const CALL = /^( *)(?:(\w+) = )?requests\.(get|post)\(/gm;

/** Every call of `requests` of a document; one in a loop stands for each round of it. */
export function pythonIn(document: string, text: string): { example: Example; from: number }[] {
  return [...text.matchAll(CALL)].flatMap((match) => {
    const [whole, indent = '', variable = '', method = ''] = match;
    const open = match.index + whole.length - 1;
    const close = endOf(text, open);
    const place = `${document}:${lineAt(text, match.index)}`;
    const given = text.slice(open + 1, close);
    return roundsAround(text, match.index, indent).map((round) => {
      const wish = argumentsIn(given, round);
      const example = {
        place: `${place}${round === undefined ? '' : `, round ${round}`}`,
        method: method.toUpperCase(),
        path: pathOf(wish.url) + (wish.params === undefined ? '' : `?${queryOf(wish.params)}`),
        ...(wish.json === undefined ? {} : { body: wish.json }),
        reads: readsOf(variable, afterCall(text, close)),
      };
      return { example, from: match.index };
    });
  });
}

/** Where the bracket that opens at `open` is closed again. */
function endOf(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'") {
      at = text.indexOf(char, at + 1);
    } else if ('([{'.includes(char)) {
      depth += 1;
    } else if (')]}'.includes(char)) {
      depth -= 1;
      if (depth === 0) {
        return at;
      }
    }
  }
  throw new Error('A call in a document is never closed');
}

function roundsAround(text: string, at: number, indent: string): (number | undefined)[] {
  const before = text.slice(0, at);
  const loop = indent === '' ? undefined : before.match(/^for i in range\((\d+)\):$/gm)?.at(-1);
  return loop === undefined
    ? [undefined]
    : Array.from({ length: Number(/\d+/.exec(loop)?.[0]) }, (_each, round) => round);
}

interface Arguments {
  readonly url: string;
  readonly json: unknown;
  readonly params: Readonly<Record<string, string>> | undefined;
}

function argumentsIn(given: string, round: number | undefined): Arguments {
  const literal = (name: string): unknown => {
    const at = given.search(new RegExp(`\\b${name}=\\{`));
    const open = at + name.length + 1;
    return at === -1 ? undefined : literalFrom(given.slice(open, endOf(given, open) + 1), round);
  };
  const url = /f?"([^"]+)"/.exec(given)?.[1] ?? '';
  return {
    url: url.replace('{BASE_URL}', 'http://localhost:4000'),
    json: literal('json'),
    params: literal('params') as Arguments['params'],
  };
}

/** A dictionary of Python as JSON has it. */
function literalFrom(text: string, round: number | undefined): unknown {
  const json = text
    .replaceAll(/#[^"\n]*$/gm, '')
    .replaceAll(/f"([^"]*)"/g, (_whole, inner: string) =>
      JSON.stringify(inner.replace('{i+1}', String((round ?? 0) + 1))),
    )
    .replaceAll(/,(\s*[}\]])/g, '$1');
  return JSON.parse(json) as unknown;
}

function queryOf(params: Readonly<Record<string, string>>): string {
  return new URLSearchParams(params).toString();
}

/** The code between a call and the next one, or the end of the script. */
function afterCall(text: string, close: number): string {
  const rest = text.slice(close + 1);
  const next = rest.search(/requests\.(get|post)\(|^(GET|POST) \/|^[A-Z][\w/]+ [A-Z]/m);
  return next === -1 ? rest : rest.slice(0, next);
}

/** What is read of the answer that stands in a variable. */
function readsOf(variable: string, code: string): Read[] {
  if (variable === '') {
    return [];
  }
  const known = new Map<string, readonly string[]>([[`${variable}.json()`, []]]);
  const reads: Read[] = [];
  for (const line of code.split('\n')) {
    const looped = /^\s*for (\w+) in (.+):$/.exec(line);
    const named = /^\s*(\w+) = (\w+\.json\(\).*)$/.exec(line);
    reads.push(...accessesIn(line, known));
    const [, name = '', source = ''] = looped ?? named ?? [];
    const path = pathIn(source, known);
    if (path !== undefined) {
      known.set(name, looped === null ? path : [...path, '*']);
    }
  }
  return reads;
}

const ACCESS = /(\w+(?:\.json\(\))?)\[['"](\w+)['"]\]/g;

function pathIn(
  source: string,
  known: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const [, base = source, field] = new RegExp(ACCESS.source).exec(source) ?? [];
  const path = known.get(base);
  return path === undefined || field === undefined ? path : [...path, field];
}

function accessesIn(line: string, known: ReadonlyMap<string, readonly string[]>): Read[] {
  return [...line.matchAll(ACCESS)].flatMap((match) => {
    const [whole, base = '', field = ''] = match;
    const path = known.get(base);
    const before = line.slice(0, match.index);
    const isList = /(len\(|join\(|for \w+ in )$/.test(before);
    const isNumber = line.slice(match.index + whole.length).startsWith(':.2f');
    return path === undefined
      ? []
      : [{ path: [...path, field], kind: isList ? 'list' : isNumber ? 'number' : 'anything' }];
  });
}
