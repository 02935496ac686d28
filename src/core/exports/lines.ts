// How rows stand in a file.

import type { ExportRow } from './rows.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The text of a file, piece by piece: CSV (RFC 4180) with a first line of names, or JSON Lines. */
export async function* linesOf(
  pages: AsyncIterable<readonly ExportRow[]>,
  format: ExportFormat,
): AsyncGenerator<string> {
  let isFirst = true;
  for await (const rows of pages) {
    const [first] = rows;
    if (first !== undefined && isFirst && format === 'csv') {
      yield csvLine(Object.keys(first));
    }
    isFirst = isFirst && first === undefined;
    if (rows.length > 0) {
      yield rows
        .map((row) => (format === 'csv' ? csvRow(row) : `${JSON.stringify(row)}\n`))
        .join('');
    }
  }
}

function csvRow(row: ExportRow): string {
  return csvLine(Object.values(row).map((value) => (value === null ? '' : String(value))));
}

/** A line of CSV; no cell begins like a formula. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

/** Spreadsheets run what begins with one of these; people type reasons. A number is none, whatever its sign. */
const FORMULA = /^(?:[=+@\t\r]|-(?![\d.]+$))/;

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
