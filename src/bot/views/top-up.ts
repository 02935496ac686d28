// The form that adds credits to a team.

import type { ModalView } from '@slack/types';
import type { TopUpValue } from '../blocks/top-up-button.ts';
import { context, plain, section } from '../blocks/kit.ts';
import { roundedCredits } from '../blocks/words.ts';
import { code, mrkdwn } from '../escape.ts';
import { complaintBlock, MODAL_TITLE_MAX } from './notice.ts';
import { lineInput, lookedUp } from './inputs.ts';

export const TOP_UP = 'top_up';

export type TopUpField = 'team' | 'credits' | 'reason';

export interface TopUpForm {
  /** The team, once it is sure that there is one; else it is asked for. */
  readonly team: string | undefined;
  /** Microcredits; undefined if not known. */
  readonly spendable: bigint | undefined;
  readonly typed: Readonly<Partial<Record<TopUpField, string>>>;
  readonly complaints: Readonly<Partial<Record<TopUpField, string>>>;
  readonly stray: readonly string[];
  readonly reference: string | undefined;
  readonly origin: string | undefined;
}

/** What the form carries from its opening to its submission. */
export interface TopUpMemory extends Partial<TopUpValue> {
  readonly origin?: string;
}

export function topUpView(form: TopUpForm): ModalView {
  const { team, reference, origin } = form;
  const memory = { run: '/team topup', team, reference, origin };
  return {
    type: 'modal',
    callback_id: TOP_UP,
    title: plain('Top up', MODAL_TITLE_MAX),
    submit: plain('Add credits', MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify(memory),
    blocks: [
      ...complaintBlock(form.stray.map((each) => mrkdwn`${each}`)),
      teamBlock(form),
      lineInput({
        id: 'credits',
        label: 'Credits to add',
        placeholder: '1,000',
        initial: form.typed.credits,
        complaint: form.complaints.credits,
        focus: true,
      }),
      lineInput({
        id: 'reason',
        label: 'Reason',
        placeholder: 'Invoice 2026-114',
        hint: 'Stands in the ledger for ever.',
        initial: form.typed.reason,
        complaint: form.complaints.reason,
      }),
      context(mrkdwn`They can be spent as soon as this form closes.`),
    ],
  };
}

function teamBlock({ team, spendable, typed, complaints }: TopUpForm): ModalView['blocks'][number] {
  if (team === undefined) {
    const initial = complaints.team === undefined ? typed.team : undefined;
    return lookedUp({ id: 'team', label: 'Team', complaint: complaints.team }, initial);
  }
  const balance = spendable === undefined ? '' : `  ·  ${roundedCredits(spendable)} spendable now`;
  return section(mrkdwn`Team ${code(team)}${balance}`);
}
