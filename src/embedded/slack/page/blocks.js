import { chart } from './chart.js';
import { h, icon } from './dom.js';
import { drawElement } from './elements.js';
import { mrkdwn, plain, textObject } from './mrkdwn.js';
import { richText } from './rich-text.js';

/** Draws Block Kit: `drawBlocks(blocks, place)`; what a place is stands in elements.js. */

function section(block, place) {
  return h(
    'div',
    { class: 'block-section' },
    h(
      'div',
      { class: 'section-body' },
      block.text ? h('div', { class: 'text' }, textObject(block.text)) : null,
      block.fields
        ? h(
            'div',
            { class: 'fields' },
            block.fields.map((field) => h('div', { class: 'text' }, textObject(field))),
          )
        : null,
    ),
    block.accessory
      ? h('div', { class: 'accessory' }, drawElement(block.accessory, block, place))
      : null,
  );
}

function context(block) {
  return h(
    'div',
    { class: 'block-context' },
    block.elements.map((element) =>
      element.type === 'image'
        ? h('img', { src: element.image_url ?? '', alt: element.alt_text })
        : h('span', { class: 'text' }, textObject(element)),
    ),
  );
}

function actions(block, place) {
  return h(
    'div',
    { class: 'block-actions' },
    block.elements.map((element) => drawElement(element, block, place)),
  );
}

function input(block, place) {
  const error = place.errorOf?.(block.block_id);
  const optional = block.optional ? h('span', { class: 'optional' }, ' (optional)') : null;
  return h(
    'div',
    { class: `block-input ${error ? 'has-error' : ''}` },
    h('div', { class: 'input-label' }, plain(block.label.text), optional),
    drawElement(block.element, block, place),
    error ? h('div', { class: 'input-error', role: 'alert' }, icon('warning'), error) : null,
    block.hint ? h('div', { class: 'input-hint' }, plain(block.hint.text)) : null,
  );
}

function image(block) {
  return h(
    'figure',
    { class: 'block-image' },
    block.title ? h('figcaption', {}, plain(block.title.text)) : null,
    h('img', { src: block.image_url ?? block.slack_file?.url ?? '', alt: block.alt_text }),
  );
}

function cellText(cell) {
  return cell.type === 'rich_text' ? richText(cell) : plain(cell.text);
}

function table(block) {
  const align = (index) => `align-${block.column_settings?.[index]?.align ?? 'left'}`;
  const row = (cells, tag) =>
    h(
      'tr',
      {},
      cells.map((cell, index) => h(tag, { class: align(index) }, cellText(cell))),
    );
  const [head, ...rest] = block.rows;
  return h(
    'div',
    { class: 'block-table' },
    h(
      'table',
      {},
      h('thead', {}, row(head, 'th')),
      h(
        'tbody',
        {},
        rest.map((cells) => row(cells, 'td')),
      ),
    ),
  );
}

/** The `markdown` block's own dialect, brought near enough to mrkdwn. */
function markdown(block) {
  const text = block.text
    .replace(/^#{1,6}\s+(.*)$/gmu, '*$1*')
    .replace(/\*\*(.+?)\*\*/gu, '*$1*')
    .replace(/^\s*[-*]\s+/gmu, '•  ')
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/gu, '<$2|$1>');
  return h('div', { class: 'text' }, mrkdwn(text));
}

const DRAW = {
  section,
  context,
  actions,
  input,
  image,
  table,
  markdown,
  header: (block) => h('h3', { class: 'block-header' }, plain(block.text.text)),
  divider: () => h('hr', { class: 'block-divider' }),
  rich_text: richText,
  data_visualization: chart,
  alert: (block) =>
    h('div', { class: `block-alert alert-${block.level ?? 'default'}` }, textObject(block.text)),
  video: (block) =>
    h(
      'a',
      {
        class: 'block-video',
        href: block.title_url ?? block.video_url,
        target: '_blank',
        rel: 'noopener',
      },
      plain(block.title.text),
    ),
};

function drawBlock(block, place) {
  const draw = DRAW[block.type];
  const node = draw ? draw(block, place) : h('div', { class: 'unsupported' }, `[${block.type}]`);
  node.dataset.block = block.block_id ?? '';
  return node;
}

export function drawBlocks(blocks, place) {
  return h(
    'div',
    { class: 'blocks' },
    blocks.map((block) => drawBlock(block, place)),
  );
}
