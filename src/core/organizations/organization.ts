/** A customer. Its id never changes: the gate's shard is drawn from it. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly status: OrganizationStatus;
  readonly statusReason: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: bigint;
  readonly createdAt: Date;
}

export type OrganizationStatus = 'active' | 'suspended';
