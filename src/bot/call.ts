import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Actor } from '../core/audit/audit.ts';
import type { Stores } from '../core/stores.ts';
import type { Speech } from './blocks/kit.ts';
import type { RoleBook } from './roles.ts';
import type { Screen } from './screen.ts';
import type { UnderWay } from './under-way.ts';
import type { Waiting } from './waiting.ts';
import type { Written } from './written.ts';

/** What every listener works with. */
export interface Bot {
  readonly stores: Stores;
  readonly client: WebClient;
  readonly roles: RoleBook;
  readonly log: Logger;
  /** Where people reach the pages of this product, without a slash at the end. */
  readonly publicUrl: string;
  /** Where alerts of teams without a channel go; nowhere if absent. */
  readonly operatorsChannel: string | undefined;
  /** Whose answer is still to come. */
  readonly underWay: UnderWay;
}

/** One request of a person: a typed command, a press of a button, a submitted form. */
export interface Call {
  readonly bot: Bot;
  readonly userId: string;
  readonly actor: Actor;
  /** Where it was asked; undefined on the home tab. */
  readonly channelId: string | undefined;
  /** The command as it was typed, with its name; empty where none was. */
  readonly text: string;
  /** Which page of a list, where one was turned. */
  readonly path?: readonly string[];
  /** Names the one effect this request may have, however often it is delivered. */
  readonly onceId: string;
  readonly screen: Screen;
  /** What was changed for it until now. */
  readonly written: () => Written;
  /** What is shown while it takes longer; absent where something stands there anyway. */
  readonly waiting?: Waiting;
  /** Tells this person alone; in place of the message with the button, if asked so. */
  reply(speech: Speech, options?: { readonly replace?: boolean }): Promise<void>;
}

/** The actor that a person in Slack is. */
export function actorOf(userId: string): Actor {
  return { id: `slack:${userId}`, door: 'slack' };
}

/** Where news may be posted: channels, but no conversation between two people. */
export function postable(channelId: string | undefined): string | undefined {
  return channelId?.startsWith('D') === true ? undefined : channelId;
}
