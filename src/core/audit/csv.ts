import { csvLine } from '../exports/lines.ts';
import type { AuditEntry } from './audit-records.ts';

const COLUMNS = [
  'place',
  'at',
  'actor',
  'door',
  'action',
  'target',
  'before',
  'after',
  'reason',
] as const;

/** Entries as CSV (RFC 4180), with a first line of names. No cell begins like a formula. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  const lines = entries.map((entry) => [
    entry.position.toString(),
    entry.at.toISOString(),
    entry.actor,
    entry.door,
    entry.action,
    entry.target,
    jsonOf(entry.before),
    jsonOf(entry.after),
    entry.reason ?? '',
  ]);
  return [COLUMNS, ...lines].map(csvLine).join('');
}

function jsonOf(value: AuditEntry['before']): string {
  return value === null ? '' : JSON.stringify(value);
}
