import type { Changes } from './changes.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Channel, Message, Person, SharedFile, UserGroup, View } from './model.ts';
import type { Passes } from './passes.ts';
import type { Outages } from './outages.ts';
import type { CommandHint, ShortcutHint } from './seed.ts';
import type { Transcript } from './transcript.ts';

export type Settings = {
  team: { id: string; name: string; domain: string };
  bot: { userId: string; botId: string; appId: string };
  botToken: string;
  appToken: string;
  signingSecret: string;
  /** What Slack sends as the deprecated `token` field of its payloads. */
  verificationToken: string;
  commands: readonly CommandHint[];
  shortcuts: readonly ShortcutHint[];
};

/**
 * The workspace as its parts see it: everything there is, handed from function to function.
 *
 * Invariants: a message is in the list of its channel, ordered by `ts`, and `ts` never repeats;
 * a person's stack of modals holds at most three; whatever changes is told to `changes`, and what
 * must survive a restart is told to `save` as well.
 */
export type Office = {
  settings: Settings;
  /** Known once the server listens. */
  url: string;
  now: () => number;
  people: Map<string, Person>;
  channels: Map<string, Channel>;
  groups: Map<string, UserGroup>;
  messages: Map<string, Message[]>;
  homes: Map<string, View>;
  stacks: Map<string, View[]>;
  files: Map<string, { file: SharedFile; bytes: Buffer; uploadedBy: string }>;
  passes: Passes;
  outages: Outages;
  delivery: Delivery;
  changes: Changes;
  transcript: Transcript;
  save: () => void;
  nextStamp: () => string;
};
