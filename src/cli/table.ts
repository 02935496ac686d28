// Answers as people read them: rows where there are many, names and values where there is one.

import stringWidth from 'string-width';

type Row = Readonly<Record<string, unknown>>;

/** More than these make lines that wrap; `--json` has all. */
const COLUMNS_MAX = 7;
const CELL_MAX = 40;
const GAP = '  ';

/** An answer in lines. */
export function told(answer: unknown): string {
  if (!isRow(answer)) {
    return Array.isArray(answer) ? tableOf(answer.filter(isRow)) : String(answer);
  }
  const list = Object.entries(answer).find(([, value]) => isListOfRows(value));
  if (list === undefined) {
    return pairs(answer);
  }
  const [, rows] = list as [string, Row[]];
  const rest = Object.entries(answer).filter(([name, value]) => name !== list[0] && isPlain(value));
  const around = rest.length === 0 ? '' : `\n\n${pairs(Object.fromEntries(rest))}`;
  return (rows.length === 0 ? `no ${list[0].replaceAll('_', ' ')}` : tableOf(rows)) + around;
}

/** Rows in columns, under the names of their fields. */
export function tableOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    .filter((name) => rows.some((row) => isPlain(row[name]) && row[name] !== null))
    .slice(0, COLUMNS_MAX);
  const cells = [
    names.map((name) => name.replaceAll('_', ' ')),
    ...rows.map((row) => names.map((name) => cut(textOf(row[name])))),
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
  const entries = Object.entries(row).filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(0, ...entries.map(([name]) => stringWidth(name)));
  return entries
    .map(([name, value]) => `${padded(name.replaceAll('_', ' '), width)}${GAP}${textOf(value)}`)
    .join('\n');
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
