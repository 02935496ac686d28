/** A home tab in Slack that its person opened lately, and perhaps still looks at: Slack does not say when they leave. */
export interface HomeTab {
  /** `U0MAYA`. */
  readonly userId: string;
  /** What was drawn, by its digest. */
  readonly drawing: string;
}

/** What was drawn, and that it holds what happened up to a place of the audit trail. */
export interface HomeDrawing extends HomeTab {
  readonly shows: bigint;
}

/** Which of them are due. */
export interface DueHomeTabs {
  /** Those that show less than this place of the audit trail. */
  readonly upTo: bigint;
  readonly at: Date;
  /** Those that were opened since. */
  readonly openedSince: Date;
  /** Those that nobody drew or set out to draw since. */
  readonly restedSince: Date;
  /** No more than this in all, of any worker, since `countedSince`. */
  readonly limit: number;
  readonly countedSince: Date;
  /** No more than this at once. */
  readonly batch: number;
}

export interface HomeTabRecords {
  /** Somebody opened theirs, and this was drawn. */
  opened(drawing: HomeDrawing, at: Date): Promise<void>;
  /** Takes those that are due, the longest rested first; nobody else takes them until they rested again. */
  take(due: DueHomeTabs): Promise<HomeTab[]>;
  drawn(drawing: HomeDrawing): Promise<void>;
  forget(userId: string): Promise<void>;
  /** Forgets those that were opened before a moment. */
  forgetBefore(openedAt: Date): Promise<void>;
}
