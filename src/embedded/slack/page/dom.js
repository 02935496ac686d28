/** Builds what the page shows. Text always stays text: nothing is ever parsed as HTML. */

const SVG = 'http://www.w3.org/2000/svg';

function assign(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        node.addEventListener(event, listener);
      }
    } else if (name === 'value' || name === 'checked' || name === 'disabled') {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  assign(node, props);
  node.append(...present(children));
  return node;
}

export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  assign(node, props);
  node.append(...present(children));
  return node;
}

function present(children) {
  return children
    .flat(3)
    .filter((child) => child !== null && child !== undefined && child !== false);
}

const ICONS = {
  hash: 'M9.5 4 7.5 20M16.5 4l-2 16M5 9h15M4 15h15',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  chevron: 'M7 10l5 5 5-5',
  send: 'M4 12 20 4.5 15.5 20l-3.6-6.2L4 12Zm7.9 1.8L20 4.5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  check: 'M5 12.5 10 17.5 19.5 7',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16.2 16.2 21 21',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  external: 'M9 6H6v12h12v-3M13 5h6v6M19 5l-8.5 8.5',
  warning: 'M12 4 2.8 20h18.4L12 4Zm0 6v5M12 17.6v.1',
  thread: 'M5 5v8a3 3 0 0 0 3 3h11M15 12l4 4-4 4',
};

export function icon(name) {
  return svg(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    svg('path', { d: ICONS[name] }),
  );
}

export function replace(node, ...children) {
  node.replaceChildren(...present(children));
}

export function byId(id) {
  return document.getElementById(id);
}
