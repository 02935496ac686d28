import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { ConfigProblem } from './problems.ts';
import { pathText } from './problems.ts';

/** A YAML file read, with the line of everything in it. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** A problem at this path, with the line of the nearest thing that stands in the file. */
  problemAt: (path: readonly PropertyKey[], message: string) => ConfigProblem;
}

/** Aliases multiply what a file holds; this many are far more than a hand-written file needs. */
const MAX_ALIASES = 1_000;

interface SyntaxProblem {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Reads YAML 1.2 with anchors and merge keys. Mistakes of syntax come back as problems. */
export function readYaml(file: string, text: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: true,
    // A pretty error quotes the line, and the line may hold a secret.
    prettyErrors: false,
  });
  const errors: SyntaxProblem[] = [...document.errors, ...anchorErrors(document)];
  const value = errors.length > 0 ? undefined : expanded(document, errors);
  const problems = errors.map((error) => ({
    file,
    line: lines.linePos(error.pos[0]).line,
    path: '',
    message: syntaxMessage(error, text),
  }));
  return {
    file,
    value,
    problems,
    problemAt: (path, message) => {
      const offset = offsetOf(document, path);
      const line = offset === undefined ? {} : { line: lines.linePos(offset).line };
      return { file, ...line, path: pathText(path), message };
    },
  };
}

/** Aliases without an anchor before them, and aliases of a block that they stand in. */
function anchorErrors(document: Document.Parsed): SyntaxProblem[] {
  const errors: SyntaxProblem[] = [];
  visit(document, {
    Alias: (_key, alias, parents) => {
      const start = alias.range?.[0] ?? 0;
      const target = alias.resolve(document);
      if (target === undefined) {
        const message = 'an alias has no anchor before it';
        errors.push({ code: 'ALIAS', message, pos: [start, start] });
      } else if (parents.includes(target)) {
        const message = 'an alias stands in its own anchor';
        errors.push({ code: 'ALIAS', message, pos: [start, start] });
      }
    },
  });
  return errors;
}

/** The document as plain values; aliases that multiply beyond measure are added to the errors. */
function expanded(document: Document.Parsed, errors: SyntaxProblem[]): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch {
    // The library's own message may quote the file.
    const message = `aliases multiply to more than ${MAX_ALIASES}`;
    errors.push({ code: 'ALIAS', message, pos: [0, 0] });
    return undefined;
  }
}

function syntaxMessage(error: SyntaxProblem, text: string): string {
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^[^:\r\n]*/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    return `the key ${key.trim()} stands twice in one block, keep one of them`;
  }
  // Some messages end in a quotation of the text, which may hold a secret.
  const withoutQuotation = error.message.replace(/:\s.*$/s, '');
  return `not valid YAML: ${withoutQuotation}, check the indentation and quotes near this line`;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0];
  for (const part of path) {
    const found: { key?: Node; value: Node | null } | undefined = child(document, node, part);
    if (found === undefined) {
      return offset;
    }
    offset = (found.key ?? found.value)?.range?.[0] ?? offset;
    node = found.value;
  }
  return offset;
}

function child(
  document: Document.Parsed,
  parent: Node | null,
  part: PropertyKey,
): { key?: Node; value: Node | null } | undefined {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isSeq<Node>(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? undefined : { value };
  }
  if (!isMap<Node, Node>(node)) {
    return undefined;
  }
  const pair = node.items.find((item) => keyText(item) === String(part));
  if (pair !== undefined) {
    return { key: pair.key, value: pair.value };
  }
  const merged = node.items.find((item) => keyText(item) === '<<');
  return merged === undefined ? undefined : child(document, merged.value, part);
}

function keyText(item: unknown): string | undefined {
  const pair = isPair<Node, Node>(item) ? (item satisfies Pair<Node, Node>) : undefined;
  return isScalar(pair?.key) ? String(pair.key.value) : undefined;
}
