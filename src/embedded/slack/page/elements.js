import { confirmed } from './confirm.js';
import { h, icon } from './dom.js';
import { menu, overflowMenu } from './menu.js';
import { plain, plainText, textObject } from './mrkdwn.js';
import { store } from './store.js';

/**
 * Everything in a block that a person can act on. `place` says where it stands and what to do:
 * `entry(block, element)` what stands in it, `change(block, element, entry)` keeps what was
 * entered, `act(block, element, value)` sends a click, `suggest(block, element, query)` asks.
 */

/** Elements of input blocks wait for the form; others act at once. */
function entered(place, block, element, entry, value = entry) {
  place.change(block, element, entry);
  if (block.type !== 'input' || block.dispatch_action) {
    withConfirmation(element, () => place.act(block, element, value));
  }
}

async function withConfirmation(element, run) {
  if (!element.confirm || (await confirmed(element.confirm))) {
    await run();
  }
}

function button(element, block, place) {
  const { style, url } = element;
  const node = h(
    url ? 'a' : 'button',
    {
      class: `button ${style ? `button-${style}` : ''}`,
      'aria-label': element.accessibility_label,
      ...(url ? { href: url, target: '_blank', rel: 'noopener noreferrer' } : { type: 'button' }),
    },
    plain(element.text.text),
    url ? icon('external') : null,
  );
  node.addEventListener('click', () =>
    withConfirmation(element, async () => {
      node.classList.add('is-busy');
      await place.act(block, element, element.value);
      node.classList.remove('is-busy');
    }),
  );
  return node;
}

const TEXT_INPUTS = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'text',
};

function textInput(element, block, place) {
  const isMultiline = element.multiline === true || element.type === 'rich_text_input';
  const entry = place.entry(block, element);
  const node = h(isMultiline ? 'textarea' : 'input', {
    class: 'text-input',
    type: isMultiline ? undefined : TEXT_INPUTS[element.type],
    inputmode: element.type === 'number_input' ? 'decimal' : undefined,
    placeholder: element.placeholder ? plainText(element.placeholder.text) : undefined,
    maxlength: element.max_length,
    rows: isMultiline ? 4 : undefined,
    autocomplete: 'off',
    spellcheck: isMultiline ? 'true' : 'false',
    value: typeof entry === 'string' ? entry : '',
  });
  node.addEventListener('input', () => place.change(block, element, node.value));
  if (block.dispatch_action) {
    node.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !isMultiline) {
        event.preventDefault();
        place.act(block, element, node.value);
      }
    });
  }
  return node;
}

const PICKERS = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' };

function localDateTime(seconds) {
  const date = new Date(Number(seconds) * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function picker(element, block, place) {
  const entry = place.entry(block, element);
  const isMoment = element.type === 'datetimepicker';
  const node = h('input', {
    class: 'text-input picker',
    type: PICKERS[element.type],
    value: entry ? (isMoment ? localDateTime(entry) : entry) : '',
  });
  node.addEventListener('change', () => {
    const value = isMoment ? Math.floor(new Date(node.value).getTime() / 1000) : node.value;
    entered(place, block, element, node.value === '' ? null : value);
  });
  return node;
}

function choices(element, block, place) {
  const isRadio = element.type === 'radio_buttons';
  const entry = [place.entry(block, element) ?? []].flat().map((one) => one?.value ?? one);
  const name = `${block.block_id}-${element.action_id}-${crypto.randomUUID()}`;
  const boxes = element.options.map((option) => {
    const box = h('input', {
      type: isRadio ? 'radio' : 'checkbox',
      name,
      value: option.value,
      checked: entry.includes(option.value),
    });
    box.addEventListener('change', () => {
      const checked = boxes.filter(({ box: one }) => one.checked).map(({ box: one }) => one.value);
      entered(place, block, element, isRadio ? checked[0] : checked);
    });
    const description = option.description && h('small', {}, textObject(option.description));
    const label = h('span', {}, textObject(option.text), description);
    return { box, row: h('label', { class: 'choice' }, box, label) };
  });
  return h(
    'div',
    { class: 'choices', role: isRadio ? 'radiogroup' : 'group' },
    boxes.map(({ row }) => row),
  );
}

function text(value) {
  return { type: 'plain_text', text: value };
}

function peopleOptions() {
  return store.workspace.people
    .filter((one) => one.id !== 'USLACKBOT')
    .map((one) => ({ text: text(one.name), value: one.id }));
}

function channelOptions() {
  return store.workspace.channels.map((one) => ({ text: text(`#${one.name}`), value: one.id }));
}

/** What a menu offers, by the kind of its element. */
function groupsOf(element) {
  if (element.option_groups) {
    return element.option_groups.map((one) => ({
      label: plainText(one.label.text),
      options: one.options,
    }));
  }
  if (element.type.endsWith('users_select')) {
    return [{ options: peopleOptions() }];
  }
  if (/(?:channels|conversations)_select$/u.test(element.type)) {
    return [{ options: channelOptions() }];
  }
  return [{ options: element.options ?? [] }];
}

function selectMenu(element, block, place) {
  const isMulti = element.type.startsWith('multi_');
  const isRemote = element.type.endsWith('external_select');
  const isListed = /(?:static|external)_select$/u.test(element.type);
  const groups = isRemote ? undefined : groupsOf(element);
  const known = (groups ?? []).flatMap((one) => one.options);
  const entry = [place.entry(block, element) ?? []].flat();
  const chosen = entry
    .map((one) => (typeof one === 'object' ? one : known.find((option) => option.value === one)))
    .filter(Boolean);
  return menu({
    chosen,
    isMulti,
    groups,
    max: element.max_selected_items,
    label: block.label ? plainText(block.label.text) : undefined,
    placeholder: element.placeholder ? plainText(element.placeholder.text) : '',
    ...(isRemote && { find: (query) => found(place, block, element, query) }),
    onChange(options) {
      const values = isListed ? options : options.map((one) => one.value);
      entered(place, block, element, isMulti ? values : (values[0] ?? null));
    },
  });
}

async function found(place, block, element, query) {
  const minimum = element.min_query_length ?? 3;
  if (query.length < minimum) {
    return { groups: [], sentence: `Type ${minimum} characters or more` };
  }
  const answer = await place.suggest(block, element, query);
  const groups = answer.groups
    ? answer.groups.map((one) => ({ label: plainText(one.label.text), options: one.options }))
    : [{ options: answer.options ?? [] }];
  return { groups, sentence: answer.ok ? undefined : answer.sentence };
}

function overflow(element, block, place) {
  return overflowMenu(element.options, (option) => {
    if (option.url) {
      open(option.url, '_blank', 'noopener,noreferrer');
    }
    withConfirmation(element, () => place.act(block, element, option.value));
  });
}

function picture(element) {
  return h('img', { class: 'thumbnail', src: element.image_url ?? '', alt: element.alt_text });
}

const DRAW = {
  button,
  overflow,
  image: picture,
  checkboxes: choices,
  radio_buttons: choices,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: textInput,
};

export function drawElement(element, block, place) {
  const draw = element.type.endsWith('_select') ? selectMenu : DRAW[element.type];
  const node = draw
    ? draw(element, block, place)
    : h('span', { class: 'unsupported' }, `[${element.type}]`);
  node.dataset.action = element.action_id ?? '';
  return node;
}
