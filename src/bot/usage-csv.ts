import { csvLine } from '../core/exports/lines.ts';
import { USAGE_COLUMNS, usageCells } from '../core/exports/usage-cells.ts';
import type { UsageTotals } from '../core/usage/usage.ts';
import type { UsageReading } from './usage-reading.ts';

const HEAD = ['kind', 'name', ...USAGE_COLUMNS];

/** Usage as a spreadsheet takes it (RFC 4180): periods first, then the parts. */
export function usageCsv({ periods, by, parts }: UsageReading): string {
  const rows = [
    HEAD,
    ...periods.map((row) => line('period', row.period, row)),
    ...parts.map((row) => line(by, row.name, row)),
  ];
  return rows.map(csvLine).join('');
}

function line(kind: string, name: string, totals: UsageTotals): string[] {
  return [kind, name, ...usageCells(totals)];
}
