import { interactiveElements } from '../blocks/check.ts';
import type { Block, Element, StateValues } from '../model.ts';

/** How each element's value is named in `state.values`, by the element's type. */
const VALUE_FIELDS: Readonly<Record<string, { field: string; initial: string; empty: unknown }>> = {
  plain_text_input: { field: 'value', initial: 'initial_value', empty: null },
  email_text_input: { field: 'value', initial: 'initial_value', empty: null },
  url_text_input: { field: 'value', initial: 'initial_value', empty: null },
  number_input: { field: 'value', initial: 'initial_value', empty: null },
  rich_text_input: { field: 'rich_text_value', initial: 'initial_value', empty: null },
  static_select: { field: 'selected_option', initial: 'initial_option', empty: null },
  external_select: { field: 'selected_option', initial: 'initial_option', empty: null },
  radio_buttons: { field: 'selected_option', initial: 'initial_option', empty: null },
  checkboxes: { field: 'selected_options', initial: 'initial_options', empty: [] },
  multi_static_select: { field: 'selected_options', initial: 'initial_options', empty: [] },
  multi_external_select: { field: 'selected_options', initial: 'initial_options', empty: [] },
  users_select: { field: 'selected_user', initial: 'initial_user', empty: null },
  multi_users_select: { field: 'selected_users', initial: 'initial_users', empty: [] },
  channels_select: { field: 'selected_channel', initial: 'initial_channel', empty: null },
  multi_channels_select: { field: 'selected_channels', initial: 'initial_channels', empty: [] },
  conversations_select: {
    field: 'selected_conversation',
    initial: 'initial_conversation',
    empty: null,
  },
  multi_conversations_select: {
    field: 'selected_conversations',
    initial: 'initial_conversations',
    empty: [],
  },
  datepicker: { field: 'selected_date', initial: 'initial_date', empty: null },
  timepicker: { field: 'selected_time', initial: 'initial_time', empty: null },
  datetimepicker: { field: 'selected_date_time', initial: 'initial_date_time', empty: null },
  file_input: { field: 'files', initial: 'initial_files', empty: [] },
};

/** Where this element keeps its value, or undefined if it keeps none (a button). */
export function valueField(element: Element): string | undefined {
  return VALUE_FIELDS[element.type]?.field;
}

/** The value of an element in Slack's form, e.g. `{type, selected_option}`. */
export function stateValue(element: Element, value: unknown): Record<string, unknown> {
  const shape = VALUE_FIELDS[element.type];
  return shape ? { type: element.type, [shape.field]: value ?? shape.empty } : {};
}

/** What stands in a view before anybody typed; values already typed stay where they fit. */
export function initialState(blocks: readonly Block[], typed: StateValues): StateValues {
  const state: StateValues = {};
  for (const { block, element } of interactiveElements(blocks)) {
    const shape = VALUE_FIELDS[element.type];
    if (shape === undefined || element.action_id === undefined) {
      continue;
    }
    const kept = typed[block.block_id]?.[element.action_id];
    const fits = kept?.['type'] === element.type;
    state[block.block_id] = {
      ...state[block.block_id],
      [element.action_id]: fits ? kept : stateValue(element, element[shape.initial]),
    };
  }
  return state;
}

/** Whether a person left it empty. */
export function isEmpty(value: Record<string, unknown> | undefined): boolean {
  const held = Object.entries(value ?? {}).find(([field]) => field !== 'type')?.[1];
  return (
    held === undefined || held === null || held === '' || (Array.isArray(held) && !held.length)
  );
}
