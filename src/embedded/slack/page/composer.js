import { byId, h, icon, replace } from './dom.js';
import { act } from './server.js';
import { store } from './store.js';
import { toast } from './toast.js';

/** Where people write, with hints for commands, people and channels. */

const HINTS_MAX = 8;
const history = [];
let recalled = 0;
let hints = [];
let active = 0;

function commandHints(text) {
  const typed = /^\/\S*$/u.exec(text)?.[0];
  return typed === undefined
    ? []
    : store.workspace.commands
        .filter((one) => one.command.startsWith(typed))
        .map((one) => ({ ...one, label: one.command, detail: one.description, from: 0 }))
        .concat(typed === '/' ? shortcutHints() : []);
}

function shortcutHints() {
  const offered = store.workspace.shortcuts.filter((one) => one.type === 'global');
  return offered.map((one) => ({ ...one, label: one.name, detail: 'Shortcut', from: 0 }));
}

function nameHints(text) {
  const found = /(?:^|\s)([@#])([\w-]*)$/u.exec(text);
  if (!found) {
    return [];
  }
  const [, mark, start] = found;
  const { people, channels, groups } = store.workspace;
  const names =
    mark === '#'
      ? channels.map((one) => ({ label: `#${one.name}`, detail: one.topic }))
      : [
          ...people
            .filter((one) => one.id !== 'USLACKBOT')
            .map((one) => ({ label: `@${one.handle}`, detail: one.name })),
          ...groups.map((one) => ({ label: `@${one.handle}`, detail: 'User group' })),
        ];
  return names
    .filter((one) => one.label.slice(1).startsWith(start))
    .map((one) => ({ ...one, from: text.length - start.length - 1 }));
}

function field() {
  return byId('composer').querySelector('textarea');
}

function grow(area) {
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
}

function put(text) {
  const area = field();
  area.value = text;
  grow(area);
  area.focus();
  look();
}

function choose(hint) {
  if (hint.callbackId !== undefined) {
    put('');
    void run('shortcut', { user: store.user, callbackId: hint.callbackId });
    return;
  }
  const area = field();
  const rest = area.value.slice(area.selectionStart);
  put(`${area.value.slice(0, hint.from)}${hint.label} ${rest}`);
}

async function run(what, given) {
  const outcome = await act(what, given);
  if (!outcome.ok) {
    toast(outcome.sentence);
  }
}

function drawHints() {
  const list = byId('composer').querySelector('.hints');
  list.hidden = hints.length === 0;
  replace(
    list,
    hints.map((hint, index) =>
      h(
        'button',
        {
          class: `hint ${index === active ? 'is-active' : ''}`,
          type: 'button',
          tabindex: -1,
          on: { click: () => choose(hint) },
        },
        h('strong', {}, hint.label),
        hint.usage ? h('code', {}, hint.usage) : null,
        h('small', {}, hint.detail ?? ''),
      ),
    ),
  );
}

function look() {
  const area = field();
  const text = area.value.slice(0, area.selectionStart);
  hints = [...commandHints(text), ...nameHints(text)].slice(0, HINTS_MAX);
  active = 0;
  drawHints();
}

async function send() {
  const area = field();
  const text = area.value.trim();
  if (text === '') {
    return;
  }
  history.push(text);
  recalled = history.length;
  put('');
  const given = { user: store.user, channel: store.room.channel, text };
  const isCommand = text.startsWith('/');
  const box = byId('composer').querySelector('.composer-box');
  box.classList.toggle('is-busy', isCommand);
  const outcome = await act(isCommand ? 'command' : 'say', given);
  box.classList.remove('is-busy');
  // What went wrong with a command stands in the channel already; an event is sent again by itself.
  if (!outcome.ok && outcome.error === undefined) {
    toast(outcome.sentence);
    put(text);
  }
}

function recall(step) {
  const next = recalled + step;
  if (next >= 0 && next <= history.length) {
    recalled = next;
    put(history[next] ?? '');
    hints = [];
    drawHints();
  }
}

function withHints(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) {
    active = (active + step + hints.length) % hints.length;
    drawHints();
  } else if (event.key === 'Tab' || event.key === 'Enter') {
    choose(hints[active]);
  } else if (event.key === 'Escape') {
    hints = [];
    drawHints();
  } else {
    return false;
  }
  return true;
}

function onKey(event) {
  if (event.isComposing) {
    return;
  }
  const area = field();
  const isComplete = hints.length === 1 && hints[0].label === area.value.trim();
  if (hints.length > 0 && !(isComplete && event.key === 'Enter') && withHints(event)) {
    event.preventDefault();
    return;
  }
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    void send();
  } else if (event.key === 'ArrowUp' && (area.value === '' || area.value === history[recalled])) {
    event.preventDefault();
    recall(-1);
  } else if (event.key === 'ArrowDown' && area.value !== '' && area.value === history[recalled]) {
    event.preventDefault();
    recall(1);
  }
}

/** Draws it once; later only the room's name changes. */
export function showComposer(roomName) {
  const composer = byId('composer');
  composer.hidden = store.room.isApp && store.room.tab === 'home';
  const existing = field();
  if (existing) {
    existing.placeholder = `Message ${roomName}`;
    existing.setAttribute('aria-label', `Message ${roomName}`);
    return;
  }
  const area = h('textarea', {
    rows: 1,
    placeholder: `Message ${roomName}`,
    'aria-label': `Message ${roomName}`,
    on: {
      input: () => {
        grow(area);
        look();
      },
      keydown: onKey,
      blur: () => {
        setTimeout(() => {
          hints = [];
          drawHints();
        }, 150);
      },
    },
  });
  const button = h(
    'button',
    { class: 'send', type: 'button', 'aria-label': 'Send', on: { click: send } },
    icon('send'),
  );
  replace(
    composer,
    h('div', { class: 'hints', hidden: true }),
    h('div', { class: 'composer-box' }, area, button),
    h(
      'p',
      { class: 'composer-help' },
      h('kbd', {}, 'Enter'),
      ' sends, ',
      h('kbd', {}, '/'),
      ' shows the commands, ',
      h('kbd', {}, '↑'),
      ' brings the last one back',
    ),
  );
  area.focus();
}
