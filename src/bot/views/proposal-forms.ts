// The forms of a proposal: why it is rejected, what is asked about it, why it can't wait.

import type { ModalView } from '@slack/types';
import { askAbout } from '../../core/approvals/ask-about.ts';
import { override, reject } from '../../core/approvals/decide.ts';
import type { Decided } from '../../core/approvals/decide.ts';
import type { Proposal } from '../../core/approvals/proposal.ts';
import { complaintAboutName } from '../../core/ids.ts';
import { once } from '../../core/once.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { announceSoon } from '../approvals/ask.ts';
import { decidable, decidedSpeech, isSpeech } from '../approvals/decide.ts';
import { context, plain, section, sentence } from '../blocks/kit.ts';
import type { ProposalValue } from '../blocks/proposal-card.ts';
import { standingOf, titleOf } from '../blocks/proposal-words.ts';
import { objectIn } from '../blocks/run-button.ts';
import { person } from '../blocks/words.ts';
import { postable } from '../call.ts';
import type { Call } from '../call.ts';
import type { Submission } from '../calls.ts';
import { mrkdwn } from '../escape.ts';
import type { Submitted } from './in-time.ts';
import { lineInput } from './inputs.ts';
import { MODAL_TITLE_MAX } from './notice.ts';
import { entered } from './state.ts';

export const REJECT = 'proposal_reject';
export const QUESTION = 'proposal_question';
export const URGENT = 'proposal_urgent';

/** What such a form carries from its opening to its submission. */
interface Memory extends ProposalValue {
  readonly origin?: string | undefined;
}

interface Look {
  readonly title: string;
  readonly submit: string;
  readonly label: string;
  readonly hint: string;
}

const LOOKS: Readonly<Record<string, Look>> = {
  [REJECT]: {
    title: 'Reject',
    submit: 'Reject',
    label: 'Why not?',
    hint: 'Who asked reads it, and it stands in the audit trail.',
  },
  [QUESTION]: {
    title: 'Ask a question',
    submit: 'Ask',
    label: 'Question',
    hint: 'It is asked in the thread, where everybody reads the answer.',
  },
  [URGENT]: {
    title: 'Do it without approval',
    submit: 'Do it now',
    label: 'Why can it not wait?',
    hint: 'Every owner is told at once, with this reason; managers are where there is no owner.',
  },
};

export function proposalFormTitle(form: string): string {
  return LOOKS[form]?.title ?? 'Quartermaster';
}

export function proposalForm(
  form: string,
  proposal: Proposal,
  memory: Memory,
  complaint?: string,
): ModalView {
  const { title = '', submit = '', label = '', hint = '' } = LOOKS[form] ?? {};
  return {
    type: 'modal',
    callback_id: form,
    title: plain(title, MODAL_TITLE_MAX),
    submit: plain(submit, MODAL_TITLE_MAX),
    close: plain('Cancel', MODAL_TITLE_MAX),
    private_metadata: JSON.stringify(memory),
    blocks: [
      section(mrkdwn`*${titleOf(proposal.action)}*\n${standingOf(proposal)}`),
      context(mrkdwn`Asked by ${person(proposal.proposedBy.id)}: ${proposal.action.reason}`),
      lineInput({ id: 'reason', label, hint, complaint, focus: true }),
    ],
  };
}

export async function submitReject(call: Call, view: Submission['view']): Promise<Submitted> {
  return decideBy(call, view, REJECT, async ({ id }, reason) =>
    reject(call.bot.stores, call.actor, { proposalId: id, reason }),
  );
}

export async function submitUrgent(call: Call, view: Submission['view']): Promise<Submitted> {
  return decideBy(call, view, URGENT, async ({ id, seen }, reason) =>
    override(call.bot.stores, call.actor, { proposalId: id, seen, reason }),
  );
}

type Decide = (memory: Memory, reason: string) => Promise<Decided | Refusal>;

async function decideBy(
  call: Call,
  view: Submission['view'],
  form: string,
  decide: Decide,
): Promise<Submitted> {
  const memory = memoryOf(view);
  const proposal = await allowed(call, memory, form);
  if (isSpeech(proposal)) {
    return { kind: 'said', speech: proposal };
  }
  const reason = entered(view, 'reason') ?? '';
  const complaint = complaintAboutName(reason);
  if (complaint !== undefined) {
    return complained(form, proposal, memory, complaint);
  }
  const decided = await decide(memory, reason);
  const speech = await decidedSpeech(call, memory.id, decided);
  if (!isRefusal(decided)) {
    await announceSoon(call.bot, memory.id);
  }
  return { kind: 'said', speech };
}

/** The question goes into the thread of the message on which it was asked. */
export async function submitQuestion(call: Call, view: Submission['view']): Promise<Submitted> {
  const memory = memoryOf(view);
  const proposal = await allowed(call, memory, QUESTION);
  if (isSpeech(proposal)) {
    return { kind: 'said', speech: proposal };
  }
  const question = entered(view, 'reason') ?? '';
  const complaint = complaintAboutName(question);
  if (complaint !== undefined) {
    return complained(QUESTION, proposal, memory, complaint);
  }
  // In a conversation with the bot, the place is the person.
  const place = postable(memory.origin) ?? call.userId;
  const { stores } = call.bot;
  const asked = await once(stores, `slack:${call.onceId}`, async (inside) =>
    askAbout(inside, call.actor, { proposalId: memory.id, question, place }),
  );
  return isRefusal(asked)
    ? { kind: 'said', speech: await decidedSpeech(call, memory.id, asked) }
    : { kind: 'done' };
}

/** Whether they may is asked again: forms stay open for long. Who asked may do it urgently, if the policy says so. */
async function allowed(call: Call, { id }: Memory, form: string) {
  const proposal = await call.bot.stores.records.approvals.find(id);
  const { urgent } = call.bot.stores.settings.approvals;
  if (form === URGENT && proposal !== undefined) {
    const book = call.bot.roles.within([proposal.organizationId]);
    return urgent !== null && (await book.isAmong(call.userId, urgent))
      ? proposal
      : sentence(mrkdwn`The approval policy does not let you do this without an approval.`);
  }
  return decidable(call, id);
}

function memoryOf(view: Submission['view']): Memory {
  // Made by proposalForm; a form of anybody else names no proposal.
  return (objectIn(view.private_metadata) ?? { id: '', seen: '' }) as unknown as Memory;
}

function complained(
  form: string,
  proposal: Proposal,
  memory: Memory,
  complaint: string,
): Submitted {
  const said = `That can't be taken: ${complaint}.`;
  return {
    kind: 'errors',
    errors: { reason: said },
    view: proposalForm(form, proposal, memory, said),
  };
}
