import { svg } from './dom.js';
import { store } from './store.js';

const COLORS = ['#8a4f7d', '#2f6f8f', '#b0623a', '#3f7d5a', '#7a6a1f', '#96485f'];

function initials(name) {
  const words = name.split(/\s+/u).filter(Boolean);
  return words.length > 1 ? words[0][0] + words.at(-1)[0] : (words[0]?.[0] ?? '?');
}

function colorOf(id) {
  const people = store.workspace?.people ?? [];
  const index = people.findIndex((one) => one.id === id);
  return COLORS[Math.max(index, 0) % COLORS.length];
}

function frame(color, ...children) {
  return svg(
    'svg',
    { class: 'avatar', viewBox: '0 0 36 36', 'aria-hidden': 'true' },
    svg('rect', { width: 36, height: 36, rx: 9, fill: color }),
    ...children,
  );
}

/** The app's own face: a key ring on navy. */
function appAvatar() {
  const line = { fill: 'none', stroke: '#f2c66d', 'stroke-width': 3.2, 'stroke-linecap': 'round' };
  return frame(
    '#23314f',
    svg('circle', { cx: 16, cy: 16, r: 6, ...line }),
    svg('path', { d: 'M20.5 20.5 27 27M24.6 24.6l2.6-2.6', ...line }),
  );
}

/** A face for whoever speaks: initials on the person's color. */
export function avatar(person) {
  if (person?.isBot && person.id !== 'USLACKBOT') {
    return appAvatar();
  }
  const text = { x: 18, y: 23.2, 'text-anchor': 'middle', fill: '#fff', 'font-size': 14.5 };
  return frame(
    person?.id === 'USLACKBOT' ? '#5d6675' : colorOf(person?.id ?? ''),
    svg('text', { ...text, 'font-weight': 650 }, initials(person?.name ?? '?')),
  );
}
