import { byId, h, icon } from './dom.js';

const SHOWN_MS = 7_000;

/** Says for a moment that something came to nothing. */
export function toast(sentence) {
  const node = h('div', { class: 'toast' }, icon('warning'), sentence ?? 'That did not work.');
  byId('toasts').append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}
