// The few kinds of blocks that the bot speaks in, kept within Slack's limits.

import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  SectionBlock,
  StaticSelect,
} from '@slack/types';
import type { Refusal } from '../../core/refusals.ts';
import { clipped, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** A whole message: `text` is what notifications and screen readers say. */
export interface Speech {
  readonly text: string;
  readonly blocks: KnownBlock[];
  /** Where it says an expected no: a form puts that beside its field. Slack is not told. */
  readonly refusal?: Refusal;
}

// Slack's limits, in characters or pieces.
const SECTION_TEXT_MAX = 3000;
const FIELD_TEXT_MAX = 2000;
const FIELDS_MAX = 10;
const HEADER_MAX = 150;
const BUTTON_TEXT_MAX = 75;
const PLACEHOLDER_MAX = 150;
const CONTEXT_ELEMENTS_MAX = 10;
const FALLBACK_TEXT_MAX = 3000;

export function plain(said: string, maxLength: number): PlainTextElement {
  return { type: 'plain_text', text: shortened(said, maxLength), emoji: true };
}

export function text(said: Mrkdwn, maxLength = SECTION_TEXT_MAX): MrkdwnElement {
  // Verbatim: what looks like a link or a channel in a name stays plain.
  return { type: 'mrkdwn', text: clipped(said.mrkdwn, maxLength), verbatim: true };
}

export function section(said: Mrkdwn, accessory?: Button): SectionBlock {
  return { type: 'section', text: text(said), ...(accessory === undefined ? {} : { accessory }) };
}

/** Two columns. */
export function fields(said: readonly Mrkdwn[]): SectionBlock {
  const shown = said.slice(0, FIELDS_MAX).map((each) => text(each, FIELD_TEXT_MAX));
  return { type: 'section', fields: shown };
}

export function header(said: string): HeaderBlock {
  return { type: 'header', text: plain(said, HEADER_MAX) };
}

export function context(...said: readonly Mrkdwn[]): ContextBlock {
  const elements = said.slice(0, CONTEXT_ELEMENTS_MAX).map((each) => text(each));
  return { type: 'context', elements };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function actions(...elements: readonly (Button | StaticSelect)[]): ActionsBlock {
  return { type: 'actions', elements: [...elements] };
}

interface MenuWish {
  readonly id: string;
  readonly placeholder: string;
  /** Value and label of each. */
  readonly options: readonly (readonly [value: string, label: string])[];
}

/** A menu that acts at once, like a button. */
export function menu({ id, placeholder, options }: MenuWish): StaticSelect {
  return {
    type: 'static_select',
    action_id: id,
    placeholder: plain(placeholder, PLACEHOLDER_MAX),
    options: options.map(([value, label]) => ({ text: plain(label, BUTTON_TEXT_MAX), value })),
  };
}

interface ButtonWish {
  /** Which action, and behind a colon what tells it from its neighbours. */
  readonly id: string;
  readonly label: string;
  readonly value?: string;
  readonly url?: string;
  readonly style?: 'primary' | 'danger';
}

export function button({ id, label, ...rest }: ButtonWish): Button {
  return { type: 'button', action_id: id, text: plain(label, BUTTON_TEXT_MAX), ...rest };
}

/** A message of blocks with its one-line summary. */
export function speech(summary: Mrkdwn, blocks: KnownBlock[]): Speech {
  return { text: clipped(summary.mrkdwn, FALLBACK_TEXT_MAX), blocks };
}

/** A message of one sentence and, below, what else is to be known. */
export function sentence(said: Mrkdwn, ...rest: readonly KnownBlock[]): Speech {
  return speech(said, [section(said), ...rest]);
}

/** What Slack takes of a message. */
export function spoken({ text: summary, blocks }: Speech): Pick<Speech, 'text' | 'blocks'> {
  return { text: summary, blocks };
}

/** The first few, and a word about the others. */
export function firstOf<Item>(
  items: readonly Item[],
  count: number,
): { shown: readonly Item[]; more: string | undefined } {
  const hidden = items.length - count;
  return hidden > 0
    ? { shown: items.slice(0, count), more: `… and ${hidden} more` }
    : { shown: items, more: undefined };
}
