/** What a workspace consists of. Slack's own field names are kept where an object travels as it is. */

export type TextObject = { type: 'plain_text' | 'mrkdwn'; text: string; [field: string]: unknown };

export type Option = { text: TextObject; value: string; [field: string]: unknown };

export type OptionGroup = { label: TextObject; options: Option[] };

export type Element = {
  type: string;
  action_id?: string;
  options?: Option[];
  option_groups?: OptionGroup[];
  [field: string]: unknown;
};

export type Block = {
  type: string;
  block_id: string;
  text?: TextObject;
  element?: Element;
  elements?: Element[];
  accessory?: Element;
  [field: string]: unknown;
};

export type Person = {
  id: string;
  handle: string;
  name: string;
  title: string;
  email: string;
  timeZone: string;
  isBot: boolean;
  /** A guest of a few channels, or of one. */
  guest?: 'multi' | 'single';
  deactivated?: boolean;
  /** The workspace they come from, where it is another one. */
  teamId?: string;
};

export type Channel = {
  id: string;
  name: string;
  topic: string;
  members: string[];
  created: number;
  isArchived?: boolean;
  /** Who is not in it can't see it. */
  isPrivate?: boolean;
  /** Of a direct conversation: the person on the other end of the bot's line. */
  personId?: string;
};

export type UserGroup = { id: string; handle: string; name: string; members: string[] };

export type SharedFile = {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  size: number;
  altText: string;
  /** Where the bytes are, under the workspace's address. */
  path: string;
};

export type Message = {
  ts: string;
  channel: string;
  user: string;
  text: string;
  blocks: Block[];
  attachments: unknown[];
  fromBot: boolean;
  threadTs?: string;
  editedTs?: string;
  /** Only this person sees the message; such messages are gone after a restart, as in Slack. */
  ephemeralFor?: string;
  username?: string;
  metadata?: unknown;
  reactions: { name: string; users: string[] }[];
  files: SharedFile[];
};

/** What a person has entered, per block and action, in Slack's `state.values` form. */
export type StateValues = Record<string, Record<string, Record<string, unknown>>>;

export type View = {
  id: string;
  type: 'modal' | 'home';
  userId: string;
  title?: TextObject;
  submit?: TextObject;
  close?: TextObject;
  blocks: Block[];
  privateMetadata: string;
  callbackId: string;
  externalId: string;
  clearOnClose: boolean;
  notifyOnClose: boolean;
  hash: string;
  rootViewId: string;
  previousViewId: string | null;
  state: StateValues;
};

export type Seed = {
  team: { id: string; name: string; domain: string };
  bot: { userId: string; botId: string; appId: string };
  people: Person[];
  channels: Channel[];
  groups: UserGroup[];
};
