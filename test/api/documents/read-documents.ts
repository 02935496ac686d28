// Takes the documents apart: every example in the order of the page, every documented field and route.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { curlsIn, requestLinesIn } from './curl.ts';
import type { Found } from './curl.ts';
import { lineAt } from './example.ts';
import type { Example } from './example.ts';
import { pythonIn } from './python.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../fixtures/documents');

export const DOCUMENTS = [
  'saas-litellm-teams',
  'litellm-team-budgets',
  'litellm-team-management',
  'litellm-team-update',
  'litellm-team-endpoints',
] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

export function textOf(document: DocumentName): string {
  return readFileSync(path.join(FOLDER, `${document}.txt`), 'utf8');
}

/** All examples of a document, in its order, with the answers that stand behind them. */
export function examplesIn(document: DocumentName): Example[] {
  const text = textOf(document);
  const commands = [...curlsIn(document, text), ...requestLinesIn(document, text)]
    .sort((a, b) => a.from - b.from)
    .map((found, at, all) => ({ ...found, example: answered(text, found, all[at + 1]?.from) }));
  return [...commands, ...fragmentsIn(document, text), ...pythonIn(document, text)]
    .sort((a, b) => a.from - b.from)
    .map(({ example }) => example);
}

/** With the block that is called its response, if one comes before the next example. */
function answered(text: string, { example, to }: Found, next = text.length): Example {
  const between = text.slice(to, next);
  const block = /(?:Response|exception)[^`]*```(?:json|shell)\n([^`]+)```/.exec(between);
  return block === null ? example : { ...example, answer: JSON.parse(block[1] ?? '') as unknown };
}

/** Bodies that are shown without their request: of making a team, or of changing one. */
function fragmentsIn(document: string, text: string): { example: Example; from: number }[] {
  return [...text.matchAll(/(.*)\n```json\n([^`]+)```/g)]
    .filter(([, heading = '']) => !heading.includes('Response'))
    .map((match) => {
      const body = JSON.parse(match[2] ?? '') as object;
      const place = `${document}:${lineAt(text, match.index) + 2}`;
      const example =
        'team_id' in body
          ? {
              method: 'POST',
              path: '/api/teams/create',
              body: { organization_id: 'org_acme', ...body },
            }
          : { method: 'PUT', path: '/api/teams/acme-prod', body };
      return { example: { place, ...example, reads: [] }, from: match.index };
    });
}

/** A route with the fields that a page names for it. */
export interface DocumentedFields {
  readonly route: string;
  readonly side: 'read' | 'answered';
  /** Each with its type, as the page writes it. */
  readonly fields: Readonly<Record<string, string>>;
}

const TYPE_WORDS = new Set(['string', 'array', 'number', 'integer', 'object', 'boolean']);

/** Fields as litellm-team-management lists them: a name, a type, and what it is for, each on a line. */
export function listedFields(): DocumentedFields[] {
  const found: { route: string; side: 'read' | 'answered'; fields: Record<string, string> }[] = [];
  const lines = textOf('litellm-team-management').split('\n');
  let route = '';
  let isOpen = false;
  for (const [at, line] of lines.entries()) {
    const type = lines[at + 1] ?? '';
    if (/^(GET|POST) \/\S+$/.test(line)) {
      route = line;
      isOpen = false;
    } else if (/^(Request Body|Query Parameters|Response)$/.test(line)) {
      found.push({ route, side: line === 'Response' ? 'answered' : 'read', fields: {} });
      isOpen = true;
    } else if (line === 'Example') {
      isOpen = false;
    } else if (isOpen && /^[a-z_]+$/.test(line) && TYPE_WORDS.has(type)) {
      Object.assign(found.at(-1)?.fields ?? {}, { [line]: type });
    }
  }
  return found;
}

/** Parameters as the docstrings of the routes list them, by the path of the route. */
export function docstringFields(): ReadonlyMap<string, readonly string[]> {
  const parts = textOf('litellm-team-endpoints')
    .split(/^@router\./m)
    .slice(1);
  return new Map(
    parts.map((part) => {
      const [, method = '', route = ''] = /^(get|post)\(\s*"([^"]+)"/.exec(part) ?? [];
      const names = [...part.matchAll(/^- (\w+): /gm)].map(([, name = '']) => name);
      const returned = part.split(/^Returns:$/m)[1] ?? '';
      const returns = [...returned.matchAll(/^- (\w+): /gm)].map(([, name = '']) => name);
      return [
        `${method.toUpperCase()} ${route}`,
        names.filter((name) => !returns.includes(name)),
      ] as const;
    }),
  );
}

/** Parameters as litellm-team-update lists them. */
export function updateFields(): string[] {
  return [...textOf('litellm-team-update').matchAll(/^- (\w+): /gm)].map(([, name = '']) => name);
}

/** The table of a team's properties, with their types. */
export function teamProperties(): Readonly<Record<string, string>> {
  const rows = textOf('saas-litellm-teams').matchAll(/^\| `(\w+)` \| (\w+) \|/gm);
  return Object.fromEntries([...rows].map(([, name = '', type = '']) => [name, type]));
}
