import type { Outcome, Post, PostKind, PostWish, Spot } from './post.ts';

/** What waits to be said in Slack, and what was. */
export interface PostRecords {
  /** Inside of a change: it is said if the change is made. */
  add<Kind extends PostKind>(wish: PostWish<Kind>): Promise<void>;
  /** Places where something is due that nobody is at work on, those that wait longest first. */
  placesDue(at: Date, limit: number): Promise<string[]>;
  /**
   * Takes a place for oneself until a moment, and answers how often Slack failed there in a row. Undefined
   * while another has it, or it is to be left alone.
   */
  take(place: string, holder: string, at: Date, until: Date): Promise<number | undefined>;
  /** Gives a place back; nobody asks Slack for it before `next`. */
  release(place: string, holder: string, wish: Release): Promise<void>;
  /** What is due in a place, in order. */
  waiting(place: string, at: Date, limit: number): Promise<Post[]>;
  /**
   * From now on these may have been said, together; where they are a file, by that one, which belongs to the try that
   * began without it.
   */
  tried(ids: readonly bigint[], at: Date, fileId?: string): Promise<void>;
  /** They were surely not said. */
  untried(ids: readonly bigint[]): Promise<void>;
  /** They are said, in one message; those that are over already stay as they are. */
  said(ids: readonly bigint[], spot: Spot, at: Date): Promise<void>;
  over(ids: readonly bigint[], outcome: Outcome, complaint: string | null, at: Date): Promise<void>;
  /** To be said elsewhere, behind what waits there; in several places as copies. */
  move(ids: readonly bigint[], places: readonly string[], at: Date): Promise<void>;
  /** Where the message of this name stands; undefined where it never was said. */
  spotOf(message: string): Promise<Spot | undefined>;
  /** Notes that a place can't be reached; false if that was known. */
  lose(place: string, at: Date): Promise<boolean>;
  /** Forgets what is over since before a moment; answers how many. */
  forget(before: Date): Promise<number>;
}

export interface Release {
  readonly next: Date;
  /** How often Slack failed in a row. */
  readonly failures: number;
  /** It was posted in: if it was lost, it is found. */
  readonly isReached: boolean;
}
