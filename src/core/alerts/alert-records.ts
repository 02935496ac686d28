import type { AlertEpisode, AlertFacts, AlertKind, Finding } from './episode.ts';
import type { AlertPolicy } from './policy.ts';

export interface AlertRecords {
  find(id: string): Promise<AlertEpisode | undefined>;
  openOf(teamId: string): Promise<AlertEpisode[]>;
  openOfKind(kind: AlertKind): Promise<AlertEpisode[]>;
  /** Undefined if another writer opened it first. */
  open(
    episode: Finding & Pick<AlertEpisode, 'id' | 'kind' | 'places' | 'openedAt'>,
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
  policy(teamId: string): Promise<AlertPolicy | undefined>;
  setPolicy(teamId: string, policy: AlertPolicy): Promise<void>;
  /** Active keys that end within a span. */
  keysEnding(after: Date, before: Date): Promise<EndingKey[]>;
  /** Budgets of which this much is spent in the latest period on record, in percent. */
  spentBudgets(sincePercent: number, at: Date): Promise<SpentBudget[]>;
  /** What teams used in the latest hour and in the hours before it. */
  hoursOfUse(at: Date): Promise<HoursOfUse[]>;
  /** Calls that ended since a moment, of teams with at least so many of them that failed. */
  failures(since: Date, leastFailed: number): Promise<Failures[]>;
  /** Teams that used credits since a moment. */
  usersOfCredits(since: Date): Promise<string[]>;
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
  readonly expiresAt: Date;
}

export interface SpentBudget {
  /** Whose channel hears of it. */
  readonly teamId: string;
  /** As in core/ceilings/subject.ts. */
  readonly subject: string;
  readonly meter: string;
  readonly startsAt: Date;
  readonly spentNanoUsd: bigint;
  readonly maxNanoUsd: bigint;
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
