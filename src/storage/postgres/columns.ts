// From the words of core to rows, for what Prisma does not take as it is: lists that may be changed, JSON.

import type { AutoRefill } from '../../core/credits/auto-refill.ts';
import type { Ceilings } from '../../core/ceilings/ceilings.ts';
import { Prisma } from '../generated/client.ts';
import { ceilingsToJson } from './ceilings-json.ts';

type Json = Readonly<Record<string, unknown>>;

/** The fields of core's rows that need care, wherever they occur. */
interface Careful {
  readonly metadata?: Json;
  readonly modelAliases?: Json;
  readonly ceilings?: Ceilings;
  readonly autoRefill?: AutoRefill | null;
  readonly accessGroups?: readonly string[];
  readonly models?: readonly string[];
  readonly endpoints?: readonly string[];
  readonly addresses?: readonly string[];
  readonly tags?: readonly string[];
  readonly permissions?: readonly string[];
  readonly memberPermissions?: readonly string[];
}

type Column<Value> = Value extends readonly string[]
  ? string[]
  : Value extends AutoRefill | null
    ? Prisma.InputJsonObject | typeof Prisma.DbNull
    : Prisma.InputJsonObject;

type Columns<Row> = {
  [Name in keyof Row]: Name extends keyof Careful
    ? Column<Exclude<Row[Name], undefined>>
    : Row[Name];
};

const LISTS = [
  'accessGroups',
  'models',
  'endpoints',
  'addresses',
  'tags',
  'permissions',
  'memberPermissions',
] as const;
const OBJECTS = ['metadata', 'modelAliases'] as const;

/** A row, or what is to be changed of one, as Prisma writes it. */
export function columnsOf<Row extends Careful>(row: Row): Columns<Row> {
  const columns: Record<string, unknown> = { ...(row as object) };
  for (const name of LISTS) {
    const list = row[name];
    if (list !== undefined) {
      columns[name] = [...list];
    }
  }
  for (const name of OBJECTS) {
    const json = row[name];
    if (json !== undefined) {
      columns[name] = json;
    }
  }
  if (row.ceilings !== undefined) {
    columns['ceilings'] = ceilingsToJson(row.ceilings);
  }
  if (row.autoRefill !== undefined) {
    columns['autoRefill'] = row.autoRefill === null ? Prisma.DbNull : refillColumn(row.autoRefill);
  }
  // Every careful field was replaced above, the others are as they were.
  return columns as Columns<Row>;
}

/** Amounts as digits: JSON's numbers end at 2^53. */
function refillColumn({
  amount,
  every,
  below,
  monthlyMax,
  since,
}: AutoRefill): Prisma.InputJsonObject {
  return {
    amount: String(amount),
    every,
    below: below === null ? null : String(below),
    monthlyMax: monthlyMax === null ? null : String(monthlyMax),
    since: since.toISOString(),
  };
}
