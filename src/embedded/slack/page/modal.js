import { avatar } from './avatar.js';
import { drawBlocks } from './blocks.js';
import { byId, h, icon, replace } from './dom.js';
import { plain } from './mrkdwn.js';
import { createPlace, stillThere } from './place.js';
import { act } from './server.js';
import { botPerson, store } from './store.js';

/**
 * The person's open modals: the top one is shown. What was typed is kept per view, so that an
 * update by the app doesn't take it away.
 */

const drafts = new Map();
let errors = {};
let trouble = '';
let shownKey = '';
let dialog = null;

function draftsOf(view) {
  if (!drafts.has(view.id)) {
    drafts.set(view.id, {});
  }
  return drafts.get(view.id);
}

async function submit(view) {
  const button = dialog?.querySelector('[data-submit]');
  button?.classList.add('is-busy');
  dialog?.setAttribute('aria-busy', 'true');
  const values = stillThere(draftsOf(view), view.blocks);
  const outcome = await act('submit', { user: store.user, viewId: view.id, values });
  dialog?.removeAttribute('aria-busy');
  button?.classList.remove('is-busy');
  errors = outcome.errors ?? {};
  trouble = outcome.ok || outcome.errors ? '' : outcome.sentence;
  shownKey = '';
  await refresh?.();
  dialog?.querySelector('.has-error')?.scrollIntoView({ block: 'nearest' });
}

async function leave(view, all) {
  const { user } = store;
  drafts.delete(view.id);
  await act('close', { user, viewId: view.id, all });
  await refresh?.();
}

let refresh;

/** Tells the modal how the page asks again what is open. */
export function onModalChange(ask) {
  refresh = ask;
}

function head(view, depth) {
  const round = (name, label, run) =>
    h(
      'button',
      { class: 'icon-button', type: 'button', 'aria-label': label, on: { click: run } },
      icon(name),
    );
  return h(
    'header',
    { class: 'dialog-head' },
    depth > 1 ? round('back', 'Back', () => leave(view, false)) : avatar(botPerson()),
    h('h2', {}, plain(view.title?.text ?? '')),
    round('close', 'Close', () => leave(view, true)),
  );
}

function foot(view) {
  const hasInputs = view.blocks.some((block) => block.type === 'input');
  const close = h(
    'button',
    { class: 'button', type: 'button', on: { click: () => leave(view, false) } },
    plain(view.close?.text ?? (view.submit ? 'Cancel' : 'Close')),
  );
  const send = h(
    'button',
    { class: 'button button-primary', type: 'submit', 'data-submit': true },
    plain(view.submit?.text ?? 'Submit'),
  );
  return h('footer', { class: 'dialog-foot' }, close, view.submit || hasInputs ? send : null);
}

function draw(view, depth) {
  const place = createPlace({ viewId: view.id }, view.blocks, {
    state: view.state,
    errors,
    drafts: draftsOf(view),
  });
  const form = h(
    'form',
    { class: 'dialog-form', novalidate: true },
    head(view, depth),
    h(
      'div',
      { class: 'dialog-body' },
      trouble ? h('div', { class: 'block-alert alert-error', role: 'alert' }, trouble) : null,
      drawBlocks(view.blocks, place),
    ),
    foot(view),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(view);
  });
  return form;
}

/** Which input has the focus, in words that survive a redraw. */
function focusKey() {
  const block = document.activeElement?.closest('[data-block]')?.dataset.block;
  const action = document.activeElement?.closest('[data-action]')?.dataset.action;
  return block && action
    ? `[data-block="${CSS.escape(block)}"] [data-action="${CSS.escape(action)}"]`
    : '';
}

function open() {
  dialog = h('dialog', { class: 'dialog modal' });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    const view = dialog?.view;
    if (view) {
      void leave(view, true);
    }
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Shows the top view of the stack, or nothing. */
export function showModals(stack) {
  const view = stack.at(-1);
  if (!view) {
    dialog?.remove();
    dialog = null;
    shownKey = '';
    drafts.clear();
    errors = {};
    trouble = '';
    byId('composer').querySelector('textarea')?.focus({ preventScroll: true });
    return;
  }
  const key = `${store.user} ${view.id} ${view.hash}`;
  if (key === shownKey && dialog) {
    return;
  }
  if (dialog?.view?.id !== view.id || dialog.view.hash !== view.hash) {
    errors = {};
    trouble = '';
  }
  if (!dialog) {
    open();
  }
  const focused = focusKey();
  const isSame = dialog.view?.id === view.id;
  const scrolled = isSame ? (dialog.querySelector('.dialog-body')?.scrollTop ?? 0) : 0;
  shownKey = key;
  dialog.view = view;
  dialog.setAttribute('aria-label', view.title?.text ?? 'Modal');
  replace(dialog, draw(view, stack.length));
  dialog.querySelector('.dialog-body').scrollTop = scrolled;
  const first = '.dialog-body :is(input, textarea, .menu-button)';
  (isSame && focused ? dialog.querySelector(focused) : dialog.querySelector(first))?.focus();
}
