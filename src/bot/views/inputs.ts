import type { InputBlock, PlainTextOption } from '@slack/types';
import { plain } from '../blocks/kit.ts';

// Slack's own limits, in characters.
const LABEL_MAX = 2000;
const HINT_MAX = 2000;
const PLACEHOLDER_MAX = 150;
export const OPTION_TEXT_MAX = 75;
/** Nobody types more into one line. */
const LINE_MAX = 300;

export interface InputLook {
  /** Block and action alike. */
  readonly id: string;
  readonly label: string;
  /** Stands below, unless there is a complaint. */
  readonly hint?: string | undefined;
  readonly complaint?: string | undefined;
  readonly optional?: boolean;
}

interface LineLook extends InputLook {
  readonly initial?: string | undefined;
  readonly placeholder?: string;
  readonly focus?: boolean;
}

/** One line of text. */
export function lineInput(look: LineLook): InputBlock {
  const { initial, placeholder, focus } = look;
  return inputBlock(look, {
    type: 'plain_text_input',
    action_id: look.id,
    max_length: LINE_MAX,
    ...(initial === undefined || initial === ''
      ? {}
      : { initial_value: initial.slice(0, LINE_MAX) }),
    ...(placeholder === undefined ? {} : { placeholder: plain(placeholder, PLACEHOLDER_MAX) }),
    ...(focus === undefined ? {} : { focus_on_load: focus }),
  });
}

export function inputBlock(look: InputLook, element: InputBlock['element']): InputBlock {
  const hint = look.complaint === undefined ? look.hint : `⚠️ ${look.complaint}`;
  return {
    type: 'input',
    block_id: look.id,
    label: plain(look.label, LABEL_MAX),
    element,
    optional: look.optional ?? false,
    ...(hint === undefined ? {} : { hint: plain(hint, HINT_MAX) }),
  };
}

export function option(value: string, label: string, description?: string): PlainTextOption {
  return {
    value,
    text: plain(label, OPTION_TEXT_MAX),
    ...(description === undefined || description === ''
      ? {}
      : { description: plain(description, OPTION_TEXT_MAX) }),
  };
}

/** One of any number, looked up while a person types. */
export function lookedUp(look: InputLook, given: string | undefined): InputBlock {
  const [initial] = optionsOf(given === undefined ? [] : [given]);
  return inputBlock(look, {
    type: 'external_select',
    action_id: look.id,
    min_query_length: 0,
    placeholder: plain('Type to search', OPTION_TEXT_MAX),
    ...(initial === undefined ? {} : { initial_option: initial }),
  });
}

/** Several of any number. */
export function manyLookedUp(look: InputLook, given: string | undefined): InputBlock {
  const initial = optionsOf((given ?? '').split(',').map((each) => each.trim()));
  return inputBlock(look, {
    type: 'multi_external_select',
    action_id: look.id,
    min_query_length: 0,
    placeholder: plain('Type to search', OPTION_TEXT_MAX),
    ...(initial.length === 0 ? {} : { initial_options: initial }),
  });
}

/** A menu carries no more than Slack lets an option hold; what is longer is asked for again. */
function optionsOf(names: readonly string[]): PlainTextOption[] {
  const fitting = [...new Set(names)].filter(
    (each) => each !== '' && each.length <= OPTION_TEXT_MAX,
  );
  return fitting.map((each) => option(each, each));
}
