/** Who asks: a Slack user, an API key, the system. */
export interface Actor {
  /** `slack:U123`, `api:admin`, `system:alerts`: stands in the ledger and the audit trail. */
  readonly id: string;
  readonly door: 'slack' | 'api' | 'system';
}

export const SYSTEM: Actor = { id: 'system', door: 'system' };

/** One line of the audit trail. Never holds a secret. */
export interface AuditLine {
  readonly actor: Actor;
  /** Verb in the past, by subject: `team.created`, `credits.posted`. */
  readonly action: string;
  /** `team:acme-prod`, `organization:acme`, `key:<id>`. */
  readonly target: string;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
}
