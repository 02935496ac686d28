import { csvLine } from '../exports/lines.ts';
import { USAGE_COLUMNS, usageCells } from '../exports/usage-cells.ts';
import type { UsageRangeRow } from '../usage/usage-range.ts';

const HEAD: readonly string[] = ['day', 'team', 'model', ...USAGE_COLUMNS];
const COST_AT = HEAD.indexOf('cost_usd');

/**
 * What was used by day, team and model, as a spreadsheet takes it (RFC 4180). What providers were paid stands in it only
 * where it is asked for: it is no business of a customer.
 */
export function digestCsv(
  rows: readonly UsageRangeRow[],
  { withCost }: { readonly withCost: boolean },
): string {
  const all = [HEAD, ...rows.map(line)];
  const told = withCost ? all : all.map((cells) => cells.toSpliced(COST_AT, 1));
  return told.map(csvLine).join('');
}

function line(row: UsageRangeRow): string[] {
  return [row.period, row.names.team ?? '', row.names.model ?? '', ...usageCells(row)];
}
