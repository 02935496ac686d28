import { h, icon, replace } from './dom.js';
import { plain } from './mrkdwn.js';
import { openPopover } from './popover.js';

/** A menu one can type into: one choice or several, from a list or from the app. */

const SEARCH_FROM = 8;
const TYPING_PAUSE_MS = 150;

function optionRow(option, isChosen, choose) {
  const description = option.description && h('small', {}, plain(option.description.text));
  return h(
    'div',
    {
      class: 'menu-option',
      role: 'option',
      'aria-selected': String(isChosen),
      'data-value': option.value,
      on: {
        click: () => choose(option),
        pointermove: (event) => focusRow(event.currentTarget),
      },
    },
    h('span', { class: 'menu-check' }, isChosen ? icon('check') : null),
    h('span', { class: 'menu-label' }, plain(option.text.text), description),
  );
}

function focusRow(row) {
  row.parentElement
    .closest('.menu-list')
    .querySelector('.is-active')
    ?.classList.remove('is-active');
  row.classList.add('is-active');
}

function matches(option, query) {
  return option.text.text.toLowerCase().includes(query.toLowerCase());
}

/** `find(query)` resolves with groups: `[{label?, options}]`. */
function panel(menu, find, close) {
  const list = h('div', { class: 'menu-list', role: 'listbox' });
  const search = h('input', {
    class: 'menu-search',
    type: 'text',
    placeholder: 'Search',
    'aria-label': 'Search',
    autocomplete: 'off',
  });
  let asked = 0;
  let groups = [];

  function choose(option) {
    menu.toggle(option);
    if (menu.isMulti) {
      draw();
    } else {
      close();
    }
  }

  function draw() {
    const chosen = menu.chosen().map((one) => one.value);
    const rows = groups.map((group) => [
      group.label ? h('div', { class: 'menu-group' }, group.label) : null,
      group.options.map((option) => optionRow(option, chosen.includes(option.value), choose)),
    ]);
    const isEmpty = groups.every((group) => group.options.length === 0);
    replace(list, isEmpty ? h('div', { class: 'menu-empty' }, 'Nothing found') : rows);
    list.querySelector('[aria-selected=true], .menu-option')?.classList.add('is-active');
  }

  async function look() {
    asked += 1;
    const ours = asked;
    list.classList.add('is-loading');
    const found = await find(search.value);
    if (ours === asked) {
      groups = found.groups;
      list.classList.remove('is-loading');
      draw();
      if (found.sentence) {
        replace(list, h('div', { class: 'menu-empty' }, found.sentence));
      }
    }
  }

  let pause;
  search.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(look, menu.isRemote ? TYPING_PAUSE_MS : 0);
  });
  search.addEventListener('keydown', (event) => {
    const rows = [...list.querySelectorAll('.menu-option')];
    const at = rows.findIndex((row) => row.classList.contains('is-active'));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      const next = rows[(at + step + rows.length) % rows.length];
      focusRow(next);
      next.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      rows[at]?.click();
    }
  });
  void look();
  return { node: h('div', { class: 'menu' }, search, list), search };
}

/**
 * Draws a menu. `chosen` are option objects; `groups` what it offers, or `find` asks for it.
 * `onChange` gets the chosen options.
 */
export function menu({ chosen, groups, find, isMulti, max, placeholder, onChange, label }) {
  let current = [...chosen];
  const button = h('button', {
    class: 'menu-button',
    type: 'button',
    'aria-haspopup': 'listbox',
    'aria-label': label,
  });

  function draw() {
    const shown = isMulti
      ? current.map((option) =>
          h('span', { class: 'chip' }, plain(option.text.text), removal(option)),
        )
      : current.map((option) => h('span', { class: 'menu-value' }, plain(option.text.text)));
    const empty = h('span', { class: 'menu-placeholder' }, placeholder || 'Choose');
    replace(button, shown.length > 0 ? shown : empty, icon('chevron'));
  }

  function removal(option) {
    const remove = (event) => {
      event.stopPropagation();
      state.toggle(option);
    };
    return h('span', { class: 'chip-remove', on: { click: remove } }, icon('close'));
  }

  const state = {
    isMulti,
    isRemote: find !== undefined,
    chosen: () => current,
    toggle(option) {
      const has = current.some((one) => one.value === option.value);
      if (isMulti) {
        const room = max === undefined || current.length < max;
        current = has
          ? current.filter((one) => one.value !== option.value)
          : room
            ? [...current, option]
            : current;
      } else {
        current = [option];
      }
      draw();
      onChange(current);
    },
  };

  const local = async (query) => ({
    groups: (groups ?? [])
      .map((group) => ({
        ...group,
        options: group.options.filter((option) => matches(option, query)),
      }))
      .filter((group) => group.options.length > 0),
  });

  button.addEventListener('click', () => {
    let close = () => {};
    const { node, search } = panel(state, find ?? local, () => close());
    const count = (groups ?? []).reduce((sum, group) => sum + group.options.length, 0);
    search.classList.toggle('is-quiet', !find && count < SEARCH_FROM);
    button.setAttribute('aria-expanded', 'true');
    close = openPopover(button, node, () => {
      button.setAttribute('aria-expanded', 'false');
      button.focus();
    });
    search.focus();
  });
  draw();
  return button;
}

/** The menu behind three dots. */
export function overflowMenu(options, onChoose) {
  const button = h(
    'button',
    { class: 'button overflow-button', type: 'button', 'aria-label': 'More actions' },
    icon('more'),
  );
  button.addEventListener('click', () => {
    let close = () => {};
    const rows = options.map((option) =>
      optionRow(option, false, () => {
        close();
        onChoose(option);
      }),
    );
    close = openPopover(button, h('div', { class: 'menu menu-list', role: 'listbox' }, rows));
  });
  return button;
}
