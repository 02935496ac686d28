// Answers as people read them: rows where there are many, names and values where there is one.

import stringWidth from 'string-width';

type Row = Readonly<Record<string, unknown>>;

/** More than these make lines that wrap; `--json` has all. */
const COLUMNS_MAX = 7;
const CELL_MAX = 40;
const GAP = '  ';

/** An answer in lines. `lists` are the fields of it that hold rows: those are told in columns, the rest below them. */
export function told(answer: unknown, lists: readonly string[] = []): string {
  if (!isRow(answer)) {
    return Array.isArray(answer) ? tableOf(answer.filter(isRow)) : String(answer);
  }
  const tables = lists.flatMap((name) => {
    const rows = answer[name];
    return isListOfRows(rows) ? [{ name: spaced(name), rows }] : [];
  });
  const rest = Object.entries(answer).filter(([name]) => !lists.includes(name));
  return [
    ...tables.map(({ name, rows }) =>
      rows.length === 0
        ? `no ${name}`
        : `${tables.length === 1 ? '' : `${name}:\n`}${tableOf(rows)}`,
    ),
    ...(rest.length === 0 ? [] : [pairs(Object.fromEntries(rest))]),
  ].join('\n\n');
}

/** Rows in columns, under the names of their fields. The last column may be as long as it is: nothing stands behind it. */
export function tableOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    .filter((name) => rows.some((row) => isPlain(row[name]) && row[name] !== null))
    .slice(0, COLUMNS_MAX);
  const cells = [
    names.map(spaced),
    ...rows.map((row) =>
      names.map((name, at) =>
        at === names.length - 1 ? textOf(row[name]) : cut(textOf(row[name])),
      ),
    ),
  ];
  const widths = names.map((_, at) =>
    Math.max(...cells.map((line) => stringWidth(line[at] ?? ''))),
  );
  return cells
    .map((line) =>
      line
        .map((cell, at) => padded(cell, widths[at] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

function pairs(row: Row): string {
  const entries = flat(row);
  const width = Math.max(0, ...entries.map(([name]) => stringWidth(name)));
  return entries.map(([name, text]) => `${padded(name, width)}${GAP}${text}`).join('\n');
}

/** What lies within an object stands under both names; what is empty says nothing. */
function flat(row: Row): [string, string][] {
  return Object.entries(row).flatMap(([name, value]): [string, string][] => {
    if (isRow(value)) {
      return flat(value).map(([inner, text]) => [`${spaced(name)} ${inner}`, text]);
    }
    const text = Array.isArray(value) && value.length === 0 ? '' : textOf(value);
    return text === '' ? [] : [[spaced(name), text]];
  });
}

function spaced(name: string): string {
  return name.replaceAll('_', ' ');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return value.join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string): string {
  return text.length > CELL_MAX ? `${text.slice(0, CELL_MAX - 1)}…` : text;
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfRows(value: unknown): value is Row[] {
  return Array.isArray(value) && value.every(isRow);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value);
}
