// A form that was sent and whose fate is not known: it stands there again as it was sent. It has the same id, so
// that what was done the first time is not done the second.

import type { KnownBlock, ModalView } from '@slack/types';
import { context } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import type { Submission } from '../calls.ts';
import { mrkdwn } from '../escape.ts';

type View = Submission['view'];
type Entered = View['state']['values'][string][string];

/** The form with what was entered in it, below what is to be said. */
export function sentAgainView(view: View, { blocks }: Speech): ModalView {
  // Slack sends a form's blocks as it was given them.
  const asked = view.blocks as KnownBlock[];
  return {
    type: 'modal',
    callback_id: view.callback_id,
    private_metadata: view.private_metadata,
    title: view.title,
    ...(view.submit === null ? {} : { submit: view.submit }),
    ...(view.close === null ? {} : { close: view.close }),
    blocks: [
      ...blocks.filter((block) => block.type === 'section'),
      context(
        mrkdwn`Send it once more: nothing is done twice. If it just closes, it had been done.`,
      ),
      ...asked.map((block) => filled(block, view)),
    ],
  };
}

function filled(block: KnownBlock, { state }: View): KnownBlock {
  if (block.type !== 'input' || block.block_id === undefined) {
    return block;
  }
  const { action_id: actionId = '' } = block.element as { readonly action_id?: string };
  const entered = state.values[block.block_id]?.[actionId];
  const element = { ...block.element, ...(entered === undefined ? {} : initialOf(entered)) };
  return { ...block, element };
}

/** What an element begins with, by what was in it. */
function initialOf(entered: Entered): object {
  const initials = {
    initial_value: entered.value,
    initial_option: entered.selected_option,
    initial_options: entered.selected_options,
    initial_conversation: entered.selected_conversation,
    initial_user: entered.selected_user,
  };
  return Object.fromEntries(
    Object.entries(initials).filter(
      ([, value]) => value !== undefined && value !== null && value !== '' && !isEmptyList(value),
    ),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
