import type { Block, Element, StateValues } from '../model.ts';
import { isEmpty } from './state.ts';

/** What Slack checks by itself before it sends a form: the sentences stand beside the inputs. */

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/u;
const NUMBER = /^-?\d+(\.\d+)?$/u;

function numberFault(element: Element, value: string): string | undefined {
  const number = Number(value);
  const min = element['min_value'] as string | undefined;
  const max = element['max_value'] as string | undefined;
  if (!NUMBER.test(value)) {
    return 'Please enter a number.';
  }
  if (element['is_decimal_allowed'] === false && !Number.isInteger(number)) {
    return 'Please enter a whole number.';
  }
  if (min !== undefined && number < Number(min)) {
    return `Please enter a number of at least ${min}.`;
  }
  return max !== undefined && number > Number(max)
    ? `Please enter a number of at most ${max}.`
    : undefined;
}

function textFault(element: Element, value: string): string | undefined {
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? Number.POSITIVE_INFINITY);
  if (value.length < min) {
    return `Please enter at least ${min} characters.`;
  }
  return value.length > max ? `Please enter at most ${max} characters.` : undefined;
}

function valueFault(element: Element, value: string): string | undefined {
  switch (element.type) {
    case 'number_input':
      return numberFault(element, value);
    case 'email_text_input':
      return EMAIL.test(value) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
    case 'plain_text_input':
      return textFault(element, value);
    default:
      return undefined;
  }
}

/** By block id, what keeps the form from being sent; empty if nothing does. */
export function formFaults(blocks: readonly Block[], state: StateValues): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const block of blocks) {
    const { element } = block;
    if (block.type !== 'input' || element?.action_id === undefined) {
      continue;
    }
    const value = state[block.block_id]?.[element.action_id];
    if (isEmpty(value)) {
      if (block['optional'] !== true) {
        faults[block.block_id] = 'Please complete this required field.';
      }
      continue;
    }
    const held = value?.['value'];
    const fault = typeof held === 'string' ? valueFault(element, held) : undefined;
    if (fault !== undefined) {
      faults[block.block_id] = fault;
    }
  }
  return faults;
}
