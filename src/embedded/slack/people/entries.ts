import { interactiveElements } from '../blocks/check.ts';
import { findChannel } from '../conversations.ts';
import type { Block, Element, Option, StateValues, TextObject } from '../model.ts';
import type { Office } from '../office.ts';
import { stateValue, valueField } from './state.ts';

/** What a person enters, turned into the form in which Slack hands it on. */

type Entry = unknown;
/** `{blockId: {actionId: entry}}`, or in short `{actionId: entry}`. */
export type Entries = Record<string, unknown>;

/** Asks the app for options; only `external_select` needs it. */
export type Suggest = (element: Element, block: Block, query: string) => Promise<Option[]>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function offered(element: Element): Option[] {
  return [
    ...(element.options ?? []),
    ...(element.option_groups ?? []).flatMap((group) => group.options),
  ];
}

function pick(options: readonly Option[], wanted: unknown, element: Element): Option {
  const key = isRecord(wanted) ? wanted['value'] : wanted;
  const option =
    options.find((one) => one.value === key) ?? options.find((one) => one.text.text === key);
  if (!option) {
    const values = options.map((one) => one.value).join(', ');
    throw new Error(
      `Cannot choose ${JSON.stringify(key)} in ${element.action_id}: it offers ${values || 'nothing'}`,
    );
  }
  return option;
}

/** What was typed, as text: a number may be given as one. */
function asText(entry: unknown): string {
  if (typeof entry === 'string' || typeof entry === 'number') {
    return String(entry);
  }
  throw new Error(`Cannot enter ${JSON.stringify(entry)}: a text or a number is expected here`);
}

function channelId(office: Office, entry: unknown): string {
  const reference = asText(entry);
  return findChannel(office, reference)?.id ?? reference;
}

async function optionFor(
  element: Element,
  block: Block,
  wanted: unknown,
  suggest: Suggest,
): Promise<Option> {
  if (!element.type.endsWith('external_select')) {
    return pick(offered(element), wanted, element);
  }
  if (isRecord(wanted) && isRecord(wanted['text'])) {
    return { text: wanted['text'] as TextObject, value: asText(wanted['value']) };
  }
  return pick(await suggest(element, block, asText(wanted)), wanted, element);
}

async function valueOf(
  office: Office,
  element: Element,
  block: Block,
  entry: Entry,
  suggest: Suggest,
): Promise<unknown> {
  switch (valueField(element)) {
    case 'selected_option':
      return entry === null || entry === '' ? null : optionFor(element, block, entry, suggest);
    case 'selected_options': {
      const options: Option[] = [];
      for (const one of [entry ?? []].flat()) {
        options.push(await optionFor(element, block, one, suggest));
      }
      return options;
    }
    case 'selected_users':
    case 'selected_conversations':
      return [entry ?? []].flat();
    case 'selected_channels':
      return [entry ?? []].flat().map((one) => channelId(office, one));
    case 'selected_channel':
    case 'selected_conversation':
      return entry === null ? null : channelId(office, entry);
    case 'selected_date_time':
      return entry === null || entry === '' ? null : Number(entry);
    case 'rich_text_value':
      return typeof entry === 'string' ? plainRichText(entry) : entry;
    default:
      return entry === null || entry === '' ? null : asText(entry);
  }
}

function plainRichText(text: string): unknown {
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return text === '' ? null : { type: 'rich_text', elements: [section] };
}

/** The entry for one element, addressed either way; undefined if it was not touched. */
function entryFor(entries: Entries, block: Block, element: Element): { entry: Entry } | undefined {
  const actionId = element.action_id ?? '';
  const ofBlock = entries[block.block_id];
  if (isRecord(ofBlock) && actionId in ofBlock) {
    return { entry: ofBlock[actionId] };
  }
  return actionId in entries ? { entry: entries[actionId] } : undefined;
}

function assertKnown(entries: Entries, blocks: readonly Block[]): void {
  const elements = interactiveElements(blocks);
  for (const name of Object.keys(entries)) {
    const known = elements.some(
      ({ block, element }) => block.block_id === name || element.action_id === name,
    );
    if (!known) {
      const names = elements.map(({ element }) => element.action_id).join(', ');
      throw new Error(`Cannot fill in ${name}: the view has ${names || 'no inputs'}`);
    }
  }
}

/** Merges what was entered into what stood there. Throws on a name or an option that isn't there. */
export async function enteredState(
  office: Office,
  blocks: readonly Block[],
  before: StateValues,
  entries: Entries,
  suggest: Suggest,
): Promise<StateValues> {
  assertKnown(entries, blocks);
  const state = structuredClone(before);
  for (const { block, element } of interactiveElements(blocks)) {
    const found = entryFor(entries, block, element);
    const { action_id: actionId } = element;
    if (!found || actionId === undefined || valueField(element) === undefined) {
      continue;
    }
    const value = await valueOf(office, element, block, found.entry, suggest);
    state[block.block_id] = { ...state[block.block_id], [actionId]: stateValue(element, value) };
  }
  return state;
}
