// The audit trail is a chain: each row's hash covers the row, its place and the hash before it. Whoever changes,
// removes or slips in a row must change all behind it and the head. What a verification prints, kept elsewhere,
// shows even that.

import { sha256 } from '../ids.ts';

/** A row as the database keeps it. Everything is text, so that nothing is lost on the way to the hash. */
export interface ChainedRow {
  readonly id: string;
  readonly position: string;
  readonly hash: string;
  readonly previousHash: string;
  /** Milliseconds since 1970. */
  readonly atMs: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly door: string;
}

/** Where the chain ends. */
export interface ChainHead {
  readonly position: bigint;
  readonly hash: string;
}

/** The first place at which the chain does not hold, and why. */
export interface ChainBreak {
  readonly position: bigint;
  /** The row there, where there is one. */
  readonly id: string | undefined;
  readonly complaint: string;
}

export const CHAIN_START: ChainHead = { position: 0n, hash: '' };

/** What the row's hash must be; the database computes the same when it writes the row (audit_hash). */
export function hashOf(row: ChainedRow): string {
  const parts = [
    row.position,
    row.previousHash,
    row.atMs,
    row.actor,
    row.action,
    row.target,
    row.before,
    row.after,
    row.reason,
    row.door,
  ];
  return sha256(parts.map(part).join(''));
}

function part(text: string | null): string {
  return text === null ? '-' : `${Buffer.byteLength(text)}:${text}`;
}

/** Goes on from `end` over rows in their order: where it ends then, or the first break. */
export function follow(end: ChainHead, rows: readonly ChainedRow[]): ChainHead | ChainBreak {
  let at = end;
  for (const row of rows) {
    const complaint = complaintAbout(at, row);
    if (complaint !== undefined) {
      return { position: at.position + 1n, id: row.id, complaint };
    }
    at = { position: BigInt(row.position), hash: row.hash };
  }
  return at;
}

function complaintAbout(at: ChainHead, row: ChainedRow): string | undefined {
  if (BigInt(row.position) !== at.position + 1n) {
    return `the row of this place is missing, the next one has place ${row.position}`;
  }
  if (row.previousHash !== at.hash) {
    return 'the row does not follow from the one before it: one of the two was replaced';
  }
  return row.hash === hashOf(row) ? undefined : 'the row was changed after it was written';
}

/** Whether the chain ends where its head says; undefined if it does. */
export function complaintAboutHead(end: ChainHead, head: ChainHead): ChainBreak | undefined {
  if (end.position === head.position && end.hash === head.hash) {
    return undefined;
  }
  const complaint =
    end.position < head.position
      ? `rows are missing at the end, there should be ${head.position}`
      : 'the head of the chain does not fit its last row';
  return {
    position: end.position < head.position ? end.position + 1n : head.position,
    id: undefined,
    complaint,
  };
}

export function isBreak(value: ChainHead | ChainBreak): value is ChainBreak {
  return 'complaint' in value;
}
