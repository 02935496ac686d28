import { z } from 'zod';
import { menuOption, optionGroup } from '../blocks/composition.ts';
import { pointerMessages } from '../blocks/pointers.ts';
import { SELECT_GROUPS_MAX, SELECT_OPTIONS_MAX } from '../limits.ts';
import type { Block, Element, Option, OptionGroup } from '../model.ts';
import type { Office } from '../office.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { envelope, head, personOf } from './payloads.ts';
import { container, elementOf, placeOf, type Place, type Where } from './places.ts';

export type TypeaheadGiven = Where & {
  user: string;
  actionId: string;
  blockId?: string | undefined;
  query: string;
};

export type Suggested = Outcome & { options: Option[]; groups?: OptionGroup[] };

const answer = z.union([
  z.strictObject({ options: z.array(menuOption).max(SELECT_OPTIONS_MAX) }),
  z.strictObject({ option_groups: z.array(optionGroup).max(SELECT_GROUPS_MAX) }),
]);

const NOTHING = 'There was a problem loading the options.';

/** Slack asks only when enough was typed. */
const MIN_QUERY_LENGTH = 3;

/** A person types into a menu that the app fills. */
export async function typeahead(office: Office, given: TypeaheadGiven): Promise<Suggested> {
  const place = placeOf(office, given.user, given);
  const { block, element } = elementOf(place, given);
  const minimum = Number(element['min_query_length'] ?? MIN_QUERY_LENGTH);
  return given.query.length < minimum
    ? { ok: true, options: [] }
    : suggest(office, given.user, place, block, element, given.query);
}

export async function suggest(
  office: Office,
  userId: string,
  place: Place,
  block: Block,
  element: Element,
  query: string,
): Promise<Suggested> {
  const person = personOf(office, userId);
  const payload = {
    type: 'block_suggestion',
    ...head(office, person),
    ...container(office, place),
    action_id: element.action_id,
    block_id: block.block_id,
    value: query,
  };
  const receipt = await office.delivery.deliver(envelope('interactive', payload, true));
  const outcome = outcomeOf(receipt, () => NOTHING);
  if (!outcome.ok) {
    return { ...outcome, options: [] };
  }
  const parsed = answer.safeParse(outcome.ack);
  if (!parsed.success) {
    const sentence = [NOTHING, ...pointerMessages(parsed.error.issues, '')].join(' ');
    return { ...outcome, ok: false, error: 'bad_answer', sentence, options: [] };
  }
  if ('options' in parsed.data) {
    return { ...outcome, options: parsed.data.options };
  }
  const groups = parsed.data.option_groups;
  return { ...outcome, groups, options: groups.flatMap((group) => group.options) };
}
