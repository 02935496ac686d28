import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Stores } from '../../core/stores.ts';

/** What posts are said with. */
export interface Mail {
  /** Must not try again by itself: whether a message was said is to be known here. */
  readonly client: WebClient;
  readonly stores: Stores;
  readonly log: Logger;
  /** Where news of teams without a channel go; to the administrators if absent. */
  readonly operatorsChannel: string | undefined;
  /** The people who are told what nobody else can be told. */
  readonly administrators: () => Promise<readonly string[]>;
  /** Tells this sender from all others. */
  readonly name: string;
  /** Between two messages of one place. */
  readonly spacingMs: number;
}

/** Slack takes about one message a second in each channel. */
export const SPACING_MS = 1_000;
