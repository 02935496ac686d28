import type { AuditLine } from './audit.ts';
import type { ChainedRow, ChainHead } from './chain.ts';

/** A line of the audit trail as it was written. */
export interface AuditEntry {
  /** Its place in the trail. */
  readonly position: bigint;
  readonly at: Date;
  /** `slack:U123`, `api:admin`, `system:alerts`. */
  readonly actor: string;
  readonly door: string;
  readonly action: string;
  readonly target: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
}

export interface AuditFilter {
  /** This team, its keys and its members. */
  readonly teamId?: string;
  /** This very key. */
  readonly keyId?: string;
  /** This organization itself, its users and all of its teams. */
  readonly organizationId?: string;
  /** As `organizationId`, of any of these; looked at where neither a team nor one organization is named. */
  readonly organizationIds?: readonly string[];
  readonly actor?: string;
  /** An action, or the beginning of some: `team.`. */
  readonly action?: string;
  /** What the target is: `team`, `key`, `model`. */
  readonly targetKind?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  /** The place of the last entry of the page before. */
  readonly before?: bigint;
  readonly limit: number;
}

export interface AuditRecords {
  write(line: AuditLine): Promise<void>;
  /** The latest first. */
  search(filter: AuditFilter): Promise<AuditEntry[]>;
  head(): Promise<ChainHead>;
  /** Rows behind a place up to another one, in the order of the chain. */
  chained(after: bigint, upTo: bigint, limit: number): Promise<ChainedRow[]>;
  /** The id of a row without a place, where there is one. */
  unchained(): Promise<string | undefined>;
}
