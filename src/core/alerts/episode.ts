/** What an alert may be about. */
export const ALERT_KINDS = [
  'low_credit',
  'running_out',
  'budget',
  'unusual_usage',
  'error_spike',
  'key_expiring',
  'grant_expiring',
  'refill_failed',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export type Severity = 'warning' | 'critical';

/** Numbers as digits or ISO times, as they were known when they were written. */
export type AlertFacts = Readonly<Record<string, string | number | null>>;

/** What holds at this moment and somebody should know. */
export interface Finding {
  /** Null where it is of an organization, or of a person in several teams. */
  readonly teamId: string | null;
  /** Whose it is, where it is of no single team. */
  readonly organizationId?: string;
  /** What of it; empty for the team itself. A key's or grant's id, a budget's subject and meter. */
  readonly subject: string;
  /** How far it has come: percent of a threshold, days that are left. Another stage is told. */
  readonly stage: number;
  readonly severity: Severity;
  readonly facts: AlertFacts;
}

/** One crossing, from its beginning to its end: one message in each of its places, kept current. */
export interface AlertEpisode extends Finding {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: AlertKind;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  /** Where its message stands, or will. */
  readonly places: readonly string[];
  /** Who said that they are at it. */
  readonly seenBy: string | null;
  readonly seenAt: Date | null;
  /** Until when it is kept current in silence, and who asked for that. */
  readonly snoozedUntil: Date | null;
  readonly snoozedBy: string | null;
}

/** A line of an episode's history, said in the thread of its message. */
export interface AlertStep {
  readonly what: 'stage' | 'closed' | 'seen' | 'handed_back' | 'snoozed' | 'woken' | 'reminder';
  readonly stage: number;
  /** The stage before it, where there was one. */
  readonly from?: number;
  readonly severity: Severity;
  readonly facts: AlertFacts;
  readonly actor: string | null;
  /** ISO time; of a silence and its reminder, when it ends. */
  readonly at: string;
}

/** Whether an episode is kept current in silence at a moment. */
export function isSilent(
  { snoozedUntil }: Pick<AlertEpisode, 'snoozedUntil'>,
  nowMs: number,
): boolean {
  return snoozedUntil !== null && snoozedUntil.getTime() > nowMs;
}
