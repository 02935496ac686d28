import { checkView, type ViewInput } from '../blocks/check.ts';
import { VIEW_STACK_MAX } from '../limits.ts';
import type { View } from '../model.ts';
import type { Office } from '../office.ts';
import { createView, replaceView, setStack, stackOf, wireView } from '../views.ts';
import { enteredState, type Entries, type Suggest } from './entries.ts';
import { formFaults } from './form-checks.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { envelope, head, personOf } from './payloads.ts';
import { suggest } from './typeahead.ts';

export type SubmitGiven = {
  user: string;
  viewId?: string | undefined;
  values?: Entries | undefined;
};

const TROUBLE = 'We had some trouble connecting. Try again?';

function openModal(office: Office, userId: string, viewId?: string): View {
  const stack = stackOf(office, userId);
  const view = stack.at(-1);
  if (!view || (viewId !== undefined && view.id !== viewId)) {
    const open = view ? `${view.id} is on top` : 'none is open';
    throw new Error(`Cannot use view ${viewId ?? ''} of ${userId}: ${open}`);
  }
  return view;
}

/**
 * A person fills the top modal in and submits it. What Slack itself would hold back (a required
 * field left empty) isn't sent. Resolves when the app's answer has been applied.
 */
export async function submitView(office: Office, given: SubmitGiven): Promise<Outcome> {
  const person = personOf(office, given.user);
  const view = openModal(office, given.user, given.viewId);
  const ask: Suggest = async (menu, block, query) => {
    const place = { kind: 'view' as const, view, blocks: view.blocks };
    return (await suggest(office, given.user, place, block, menu, query)).options;
  };
  view.state = await enteredState(office, view.blocks, view.state, given.values ?? {}, ask);
  const errors = formFaults(view.blocks, view.state);
  if (Object.keys(errors).length > 0) {
    return { ok: false, error: 'incomplete', errors };
  }
  const payload = {
    type: 'view_submission',
    ...head(office, person),
    trigger_id: office.passes.issueTrigger(person.id),
    view: wireView(office, view),
    response_urls: [],
  };
  const receipt = await office.delivery.deliver(envelope('interactive', payload, true));
  const outcome = outcomeOf(receipt, () => TROUBLE);
  return outcome.ok ? applyAnswer(office, view, outcome) : outcome;
}

type Answered = { response_action?: unknown; errors?: unknown; view?: unknown };

function applyAnswer(office: Office, view: View, outcome: Outcome): Outcome {
  const said = (outcome.ack ?? {}) as Answered;
  const trouble = (why: string): Outcome => ({
    ...outcome,
    ok: false,
    error: 'bad_answer',
    sentence: `${TROUBLE} (${why})`,
  });
  switch (said.response_action) {
    case undefined:
      closeTop(office, view);
      return outcome;
    case 'clear':
      setStack(office, view.userId, []);
      return outcome;
    case 'errors':
      return applyErrors(view, said.errors, outcome, trouble);
    case 'update':
    case 'push': {
      const push = said.response_action === 'push';
      const checked = checkView(said.view);
      return checked.ok
        ? applyView(office, view, checked.value, push, outcome, trouble)
        : trouble(checked.messages.join('; '));
    }
    default:
      return trouble(`unknown response_action ${JSON.stringify(said.response_action)}`);
  }
}

function closeTop(office: Office, view: View): void {
  const rest = stackOf(office, view.userId).filter((one) => one.id !== view.id);
  setStack(office, view.userId, view.clearOnClose ? [] : rest);
}

function applyErrors(
  view: View,
  given: unknown,
  outcome: Outcome,
  trouble: (why: string) => Outcome,
): Outcome {
  const errors = (given ?? {}) as Record<string, string>;
  const inputs = view.blocks.filter((block) => block.type === 'input');
  const stray = Object.keys(errors).find((id) => !inputs.some((block) => block.block_id === id));
  if (stray !== undefined || Object.keys(errors).length === 0) {
    return trouble(`errors must name input blocks of the view, ${stray ?? 'none'} is not one`);
  }
  return { ...outcome, ok: false, errors };
}

function applyView(
  office: Office,
  view: View,
  given: ViewInput,
  push: boolean,
  outcome: Outcome,
  trouble: (why: string) => Outcome,
): Outcome {
  if (given.type !== 'modal') {
    return trouble('the view must be a modal');
  }
  if (!push) {
    replaceView(office, view, given);
    return outcome;
  }
  const stack = stackOf(office, view.userId);
  if (stack.length >= VIEW_STACK_MAX) {
    return trouble('push_limit_reached');
  }
  setStack(office, view.userId, [...stack, createView(view.userId, given, view)]);
  return outcome;
}

/** A person closes the top modal, or with `all` the whole stack. */
export async function closeView(
  office: Office,
  given: { user: string; viewId?: string | undefined; all?: boolean | undefined },
): Promise<Outcome> {
  const person = personOf(office, given.user);
  const top = openModal(office, given.user, given.viewId);
  const stack = stackOf(office, given.user);
  const all = (given.all ?? false) || top.clearOnClose;
  const closed = all ? stack.toReversed() : [top];
  setStack(office, given.user, all ? [] : stack.slice(0, -1));
  let outcome: Outcome = { ok: true };
  for (const view of closed.filter((one) => one.notifyOnClose)) {
    const payload = {
      type: 'view_closed',
      ...head(office, person),
      view: wireView(office, view),
      is_cleared: all && stack.length > 1,
    };
    const receipt = await office.delivery.deliver(envelope('interactive', payload, false));
    outcome = outcomeOf(receipt, () => TROUBLE);
  }
  return outcome;
}
