import type { Subject } from '../ceilings/subject.ts';
import type { AlertEpisode, AlertFacts, AlertKind, Finding } from './episode.ts';
import type { AlertPolicy } from './policy.ts';

export interface AlertRecords {
  find(id: string): Promise<AlertEpisode | undefined>;
  openOf(teamId: string): Promise<AlertEpisode[]>;
  /** Those of an organization and of all its teams. */
  openIn(organizationId: string): Promise<AlertEpisode[]>;
  openOfKind(kind: AlertKind): Promise<AlertEpisode[]>;
  /** Undefined if another writer opened it first. */
  open(
    episode: Finding & Pick<AlertEpisode, 'id' | 'organizationId' | 'kind' | 'places' | 'openedAt'>,
  ): Promise<AlertEpisode | undefined>;
  /** Undefined if another writer changed or closed it first. */
  changeStage(
    id: string,
    from: number,
    to: Pick<Finding, 'stage' | 'severity' | 'facts'> &
      Pick<AlertEpisode, 'places'> & { readonly endsSilence: boolean },
  ): Promise<AlertEpisode | undefined>;
  /** Undefined if another writer closed it first. */
  close(id: string, at: Date, facts?: AlertFacts): Promise<AlertEpisode | undefined>;
  /** Undefined if somebody saw it first, or it is closed. */
  see(id: string, actor: string, at: Date): Promise<AlertEpisode | undefined>;
  /** Undefined if nobody had seen it, or it is closed. */
  unsee(id: string): Promise<AlertEpisode | undefined>;
  /** Undefined if it is closed, or silent at this moment. */
  snooze(id: string, silence: Silence): Promise<AlertEpisode | undefined>;
  /** Undefined if it is closed, or not silent at this moment. */
  wake(id: string, at: Date): Promise<AlertEpisode | undefined>;
  /** Teams whose credits stand at another threshold than their episode has it. */
  creditCrossings(defaultPercents: readonly number[]): Promise<string[]>;
  /** What was chosen for a team, over what was chosen for its organization; what nobody chose is absent. */
  policy(teamId: string): Promise<Partial<AlertPolicy>>;
  /** What was chosen for an organization. */
  organizationPolicy(organizationId: string): Promise<Partial<AlertPolicy>>;
  /** Those of all who chose, by their ids; what nobody chose is absent. */
  policies(): Promise<ChosenPolicies>;
  /** Chooses these fields, beside those that were chosen before. */
  choosePolicy(subject: AlertSubject, change: Partial<AlertPolicy>): Promise<void>;
  /** Active keys that end within a span. */
  keysEnding(after: Date, before: Date): Promise<EndingKey[]>;
  /** Grants with something left that end within a span. */
  grantsEnding(after: Date, before: Date): Promise<EndingCredits[]>;
  /**
   * Budgets of which this much, in percent, or the soft amount is spent in the present period: all of them, or those
   * of whoever called since a moment, and those of which an alert is open.
   */
  spentBudgets(sincePercent: number, at: Date, usedSince?: Date): Promise<SpentBudget[]>;
  /** What teams used in the latest hour and in the hours before it. */
  hoursOfUse(at: Date): Promise<HoursOfUse[]>;
  /** Calls that ended since a moment, of teams with at least so many of them that failed. */
  failures(since: Date, leastFailed: number): Promise<Failures[]>;
  /** Teams whose balance lasts for less than `lastsMs` at the pace of their use between two moments. */
  fastUsers(since: Date, at: Date, lastsMs: number): Promise<string[]>;
}

/** Whose alerts are like this. */
export type AlertSubject = Extract<Subject, { kind: 'team' | 'organization' }>;

export interface ChosenPolicies {
  readonly ofTeams: ReadonlyMap<string, Partial<AlertPolicy>>;
  readonly ofOrganizations: ReadonlyMap<string, Partial<AlertPolicy>>;
}

export interface Silence {
  readonly actor: string;
  readonly at: Date;
  readonly until: Date;
}

export interface EndingKey {
  readonly teamId: string;
  readonly keyId: string;
  readonly name: string;
  readonly lastFour: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface EndingCredits {
  readonly teamId: string;
  readonly grantId: string;
  /** Microcredits. */
  readonly remaining: bigint;
  readonly expiresAt: Date;
}

export interface SpentBudget {
  /** Whose channel hears of it; null for a budget of an organization, or of a person in several teams. */
  readonly teamId: string | null;
  readonly organizationId: string;
  /** As in core/ceilings/subject.ts. */
  readonly subject: string;
  /** What people call a key by. */
  readonly name: string | null;
  readonly meter: string;
  readonly startsAt: Date;
  readonly spentNanoUsd: bigint;
  /** With a raise that holds at the moment. */
  readonly maxNanoUsd: bigint;
  readonly softNanoUsd: bigint | null;
  /** It is counted and told, and refuses nothing. */
  readonly shadow: boolean;
}

export interface HoursOfUse {
  readonly teamId: string;
  /** Microcredits in the last 60 minutes. */
  readonly latest: bigint;
  readonly calls: bigint;
  /** Microcredits of each earlier hour in which there was use, within the past that is looked at. */
  readonly hours: readonly bigint[];
  /** Days with use among them. */
  readonly days: number;
}

export interface Failures {
  readonly teamId: string;
  readonly calls: bigint;
  readonly failed: bigint;
}
