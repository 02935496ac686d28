import { h } from './dom.js';

/** A panel over everything else, beside what opened it; a click elsewhere or Esc closes it. */

const GAP = 4;
const MARGIN = 8;

function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + GAP;
  const fitsBelow = below + height < innerHeight - MARGIN;
  const top = fitsBelow ? below : Math.max(MARGIN, at.top - GAP - height);
  panel.style.left = `${Math.max(MARGIN, Math.min(at.left, innerWidth - width - MARGIN))}px`;
  panel.style.top = `${top}px`;
}

/** Shows `content` beside `anchor`. Returns the function that closes it. */
export function openPopover(anchor, content, onClose = () => {}) {
  const panel = h('div', { class: 'popover', popover: 'auto' }, content);
  // Inside of a dialog only its own descendants can be reached.
  (anchor.closest('dialog') ?? document.body).append(panel);
  panel.style.minWidth = `${anchor.offsetWidth}px`;
  panel.showPopover();
  place(panel, anchor);
  const resized = new ResizeObserver(() => place(panel, anchor));
  resized.observe(panel);
  panel.addEventListener('toggle', (event) => {
    if (event.newState === 'closed') {
      resized.disconnect();
      panel.remove();
      onClose();
    }
  });
  return () => panel.isConnected && panel.hidePopover();
}
