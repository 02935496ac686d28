import { wireMessage } from '../messages.ts';
import type { Block, Element, Message, StateValues } from '../model.ts';
import type { Office } from '../office.ts';
import { enteredState, type Entries, type Suggest } from './entries.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { envelope, head, personOf } from './payloads.ts';
import { container, elementOf, placeOf, type Place, type Where } from './places.ts';
import { initialState, valueField } from './state.ts';
import { suggest } from './typeahead.ts';

export type ClickGiven = Where & {
  user: string;
  actionId: string;
  blockId?: string | undefined;
  /** Of a button: its value, to tell it from others of that action. Else: what is chosen. */
  value?: unknown;
  /** What else stands in the form by now. */
  values?: Entries | undefined;
};

/** The sentence by which Slack says that a click came to nothing. */
function failure(error: string): string {
  return error === 'operation_timeout'
    ? 'This app took too long to respond (operation_timeout). Apps must respond within 3 seconds.'
    : 'This app is not responding (dispatch_failed).';
}

/** A person clicks a button or chooses in a menu. Resolves when the app has acknowledged it. */
export async function click(office: Office, given: ClickGiven): Promise<Outcome> {
  const person = personOf(office, given.user);
  const place = placeOf(office, given.user, given);
  const { block, element } = elementOf(place, given);
  const state = await stateAfter(office, given, place, block, element);
  const action = actionOf(office, block, element, given.value, state);
  const payload = {
    type: 'block_actions',
    ...head(office, person),
    ...container(office, place),
    trigger_id: office.passes.issueTrigger(person.id),
    ...(place.kind === 'message' && ofMessage(office, place.message, person.id, state)),
    actions: [action],
  };
  const receipt = await office.delivery.deliver(envelope('interactive', payload, false));
  return outcomeOf(receipt, failure);
}

async function stateAfter(
  office: Office,
  given: ClickGiven,
  place: Place,
  block: Block,
  element: Element,
): Promise<StateValues> {
  const before = place.kind === 'view' ? place.view.state : initialState(place.blocks, {});
  const ask: Suggest = async (menu, at, query) =>
    (await suggest(office, given.user, place, at, menu, query)).options;
  const filled = await enteredState(office, place.blocks, before, given.values ?? {}, ask);
  const chosen =
    given.value === undefined || valueField(element) === undefined
      ? {}
      : { [block.block_id]: { [element.action_id ?? '']: given.value } };
  const state = await enteredState(office, place.blocks, filled, chosen, ask);
  if (place.kind === 'view') {
    place.view.state = state;
  }
  return state;
}

function ofMessage(
  office: Office,
  message: Message,
  userId: string,
  state: StateValues,
): Record<string, unknown> {
  const pass = { channel: message.channel, userId, messageTs: message.ts };
  const responseId = office.passes.issueResponsePass(pass);
  return {
    // Slack doesn't hand on the content of a message that only one person saw.
    ...(message.ephemeralFor === undefined && { message: wireMessage(office, message) }),
    state: { values: state },
    response_url: `${office.url}/actions/${office.settings.team.id}/${responseId}`,
  };
}

/** What the element carries into the action besides its value. */
const CARRIED = ['text', 'value', 'url', 'style', 'confirm', 'placeholder'];

function actionOf(
  office: Office,
  block: Block,
  element: Element,
  value: unknown,
  state: StateValues,
): Record<string, unknown> {
  const carried = CARRIED.filter((field) => element[field] !== undefined);
  const option =
    element.type === 'overflow'
      ? element.options?.find((one) => one.value === value || one.text.text === value)
      : undefined;
  if (element.type === 'overflow' && !option) {
    const values = element.options?.map((one) => one.value).join(', ') ?? '';
    throw new Error(`Cannot choose ${String(value)}: the menu offers ${values}`);
  }
  return {
    type: element.type,
    action_id: element.action_id,
    block_id: block.block_id,
    ...Object.fromEntries(carried.map((field) => [field, element[field]])),
    ...state[block.block_id]?.[element.action_id ?? ''],
    ...(option && { selected_option: option }),
    action_ts: office.nextStamp(),
  };
}
