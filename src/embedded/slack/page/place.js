import { act } from './server.js';
import { store } from './store.js';
import { toast } from './toast.js';

/** Where elements stand: what was entered there is kept for as long as the place is shown. */

const FIELDS = [
  'value',
  'selected_option',
  'selected_options',
  'selected_user',
  'selected_users',
  'selected_channel',
  'selected_channels',
  'selected_conversation',
  'selected_conversations',
  'selected_date',
  'selected_time',
  'selected_date_time',
];

function fromState(value) {
  const field = FIELDS.find((name) => value?.[name] !== undefined);
  return field ? value[field] : undefined;
}

/** What the app put in before anybody chose. */
function initial(element) {
  const name = Object.keys(element).find((field) => field.startsWith('initial_'));
  return name ? element[name] : undefined;
}

function elementsOf(block) {
  return [block.element, block.accessory, ...(block.elements ?? [])].filter(Boolean);
}

/** What was entered into elements that are still there: the app may have changed the blocks. */
export function stillThere(drafts, blocks) {
  const kept = {};
  for (const block of blocks) {
    for (const { action_id: actionId } of elementsOf(block)) {
      const draft = drafts[block.block_id];
      if (draft && actionId in draft) {
        kept[block.block_id] = { ...kept[block.block_id], [actionId]: draft[actionId] };
      }
    }
  }
  return kept;
}

export function createPlace(where, blocks, { state = {}, errors = {}, drafts = {} } = {}) {
  const place = {
    drafts,
    errorOf: (blockId) => errors[blockId],
    entry(block, element) {
      const draft = drafts[block.block_id];
      return draft && element.action_id in draft
        ? draft[element.action_id]
        : (fromState(state[block.block_id]?.[element.action_id]) ?? initial(element));
    },
    change(block, element, entry) {
      drafts[block.block_id] = { ...drafts[block.block_id], [element.action_id]: entry };
    },
    async act(block, element, value) {
      const { action_id: actionId } = element;
      const given = { user: store.user, ...where, actionId, blockId: block.block_id };
      const outcome = await act('click', {
        ...given,
        value,
        values: stillThere(drafts, blocks),
      });
      if (!outcome.ok) {
        toast(outcome.sentence);
      }
    },
    suggest(block, element, query) {
      const { action_id: actionId } = element;
      const given = { user: store.user, ...where, actionId, blockId: block.block_id };
      return act('typeahead', { ...given, query });
    },
  };
  return place;
}
