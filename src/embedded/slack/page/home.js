import { drawBlocks } from './blocks.js';
import { byId, h, replace } from './dom.js';
import { forgetMessages } from './messages.js';
import { createPlace } from './place.js';

let drafts = {};
let shownView = '';

/** The app's home tab, as the app published it for this person. */
export function showHome(view) {
  forgetMessages();
  if (view?.id !== shownView) {
    drafts = {};
    shownView = view?.id ?? '';
  }
  const place =
    view && createPlace({ viewId: view.id }, view.blocks, { state: view.state, drafts });
  replace(
    byId('room-body'),
    view
      ? h('div', { class: 'home' }, drawBlocks(view.blocks, place))
      : h(
          'div',
          { class: 'beginning' },
          h('h2', {}, 'Home'),
          h('p', {}, 'The app has published nothing here yet.'),
        ),
  );
}
