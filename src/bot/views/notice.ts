import type { KnownBlock, ModalView } from '@slack/types';
import { context, plain, section } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { mrkdwn } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';

/** Slack's own limit on the title and the buttons of a form. */
export const MODAL_TITLE_MAX = 24;

/** Stands while something is looked up or done. */
export function waitingView(title: string, said: Mrkdwn, ...more: readonly Mrkdwn[]): ModalView {
  const below = more.length === 0 ? [] : [context(...more)];
  return view(title, [section(mrkdwn`⏳ ${said}`), ...below]);
}

/** Something to read, in a form's place. */
export function noticeView(title: string, speech: Speech): ModalView {
  // Its buttons would stand on a message that is not there.
  const blocks = speech.blocks.filter((block) => block.type !== 'actions');
  return view(title, blocks.length === 0 ? [section({ mrkdwn: speech.text })] : blocks);
}

/** Something to look at, with its buttons. */
export function readingView(title: string, speech: Speech): ModalView {
  return view(title, speech.blocks);
}

/** Said above a form that could not be sent as it was. */
export function complaintBlock(complaints: readonly Mrkdwn[]): KnownBlock[] {
  return complaints.length === 0 ? [] : [context(...complaints.map((each) => mrkdwn`⚠️ ${each}`))];
}

function view(title: string, blocks: KnownBlock[]): ModalView {
  return {
    type: 'modal',
    title: plain(title, MODAL_TITLE_MAX),
    close: plain('Close', MODAL_TITLE_MAX),
    blocks,
  };
}
