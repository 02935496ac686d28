import { h } from './dom.js';
import { emoji } from './emoji.js';
import { channelMention, formatDate, groupMention, link, userMention } from './mrkdwn.js';

const STYLES = { bold: 'strong', italic: 'em', strike: 's', code: 'code', underline: 'u' };

function styled(node, style = {}) {
  return Object.entries(STYLES).reduce(
    (inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner),
    node,
  );
}

function bare(element) {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return link(element.url, element.text ?? element.url);
    case 'emoji':
      return emoji(element.name) ?? `:${element.name}:`;
    case 'user':
      return userMention(element.user_id);
    case 'channel':
      return channelMention(element.channel_id);
    case 'usergroup':
      return groupMention(element.usergroup_id);
    case 'broadcast':
      return h('span', { class: 'mention' }, `@${element.range}`);
    case 'date':
      return h('time', {}, formatDate(element.timestamp, element.format));
    case 'color':
      return h('code', {}, element.value);
    default:
      return '';
  }
}

function inlineAll(elements) {
  return elements.map((element) => styled(bare(element), element.style));
}

function part(one) {
  switch (one.type) {
    case 'rich_text_section':
      return h('div', { class: 'lines' }, inlineAll(one.elements));
    case 'rich_text_list': {
      const items = one.elements.map((section) => h('li', {}, inlineAll(section.elements)));
      const indent = `indent-${one.indent ?? 0}`;
      return one.style === 'ordered'
        ? h('ol', { class: indent, start: (one.offset ?? 0) + 1 }, items)
        : h('ul', { class: indent }, items);
    }
    case 'rich_text_quote':
      return h('blockquote', {}, inlineAll(one.elements));
    case 'rich_text_preformatted':
      return h('pre', {}, inlineAll(one.elements));
    default:
      return null;
  }
}

export function richText(block) {
  return h('div', { class: 'rich-text' }, block.elements.map(part));
}
