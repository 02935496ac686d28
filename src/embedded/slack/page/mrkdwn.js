import { h } from './dom.js';
import { emoji, emojiText, withArt } from './emoji.js';
import { channel, group, person } from './store.js';

/** Slack's mrkdwn, as nodes. */

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

export function decoded(text) {
  return text.replace(/&(?:lt|gt|amp);/gu, (entity) => ENTITIES[entity]);
}

function mention(label) {
  return h('span', { class: 'mention' }, label);
}

export function userMention(id) {
  return mention(`@${person(id)?.name ?? id}`);
}

export function channelMention(id, name) {
  const known = channel(id);
  return known
    ? h('a', { class: 'mention', href: `#/${id}` }, `#${known.name}`)
    : mention(`#${name ?? id}`);
}

export function groupMention(id) {
  return mention(`@${group(id)?.handle ?? id}`);
}

const SAFE_URL = /^(?:https?:|mailto:)/iu;

export function link(url, label) {
  return SAFE_URL.test(url)
    ? h('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, label)
    : h('span', {}, label);
}

function isSameDay(a, b) {
  return a.toDateString() === b.toDateString();
}

function pretty(date, fallback) {
  const now = new Date();
  const day = 86_400_000;
  if (isSameDay(date, now)) {
    return 'today';
  }
  if (isSameDay(date, new Date(now.getTime() - day))) {
    return 'yesterday';
  }
  return isSameDay(date, new Date(now.getTime() + day)) ? 'tomorrow' : fallback;
}

function ago(date) {
  const seconds = (date.getTime() - Date.now()) / 1000;
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? units.at(-1);
  return new Intl.RelativeTimeFormat('en').format(Math.round(seconds / size), unit);
}

/** `{date_short} at {time}` for everybody's own time zone. */
export function formatDate(timestampS, format) {
  const date = new Date(timestampS * 1000);
  const as = (options) => new Intl.DateTimeFormat('en', options).format(date);
  const long = { weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' };
  const short = { month: 'short', day: 'numeric', year: 'numeric' };
  const plain = { month: 'long', day: 'numeric', year: 'numeric' };
  const forms = {
    date_num: () => date.toISOString().slice(0, 10),
    date_slash: () => as({ month: '2-digit', day: '2-digit', year: 'numeric' }),
    date: () => as(plain),
    date_long: () => as(long),
    date_short: () => as(short),
    date_pretty: () => pretty(date, as(plain)),
    date_long_pretty: () => pretty(date, as(long)),
    date_short_pretty: () => pretty(date, as(short)),
    day_divider_pretty: () => pretty(date, as(long)),
    time: () => as({ hour: 'numeric', minute: '2-digit' }),
    time_secs: () => as({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    ago: () => ago(date),
  };
  return format.replace(/\{(\w+)\}/gu, (all, name) => forms[name]?.() ?? all);
}

function angled(inner) {
  const [target, ...rest] = inner.split('|');
  const label = rest.length > 0 ? decoded(rest.join('|')) : undefined;
  if (target.startsWith('@')) {
    return userMention(target.slice(1));
  }
  if (target.startsWith('#')) {
    return channelMention(target.slice(1), label);
  }
  if (target.startsWith('!subteam^')) {
    return groupMention(target.slice('!subteam^'.length));
  }
  if (target.startsWith('!date^')) {
    const [, timestamp, format, url] = target.split('^');
    const text = formatDate(Number(timestamp), decoded(format));
    return url ? link(url, text) : h('time', { title: label }, text);
  }
  if (target.startsWith('!')) {
    return mention(`@${label ?? target.slice(1)}`);
  }
  return link(decoded(target), label ?? decoded(target).replace(/^mailto:/u, ''));
}

const EDGE_BEFORE = String.raw`(?<![\p{L}\p{N}])`;
const EDGE_AFTER = String.raw`(?![\p{L}\p{N}])`;

function wrapped(mark) {
  const inner = String.raw`(\S(?:[^${mark}\n]*?\S)?)`;
  return `${EDGE_BEFORE}[${mark}]${inner}[${mark}]${EDGE_AFTER}`;
}

const INLINE = new RegExp(
  [
    String.raw`\x60([^\x60\n]+)\x60`,
    String.raw`<([^<>\n]+)>`,
    wrapped('*'),
    wrapped('_'),
    wrapped('~'),
    String.raw`:([a-z0-9_+'-]+):`,
  ].join('|'),
  'gu',
);

/** One line or more of mrkdwn without blocks. */
export function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [all, code, angle, bold, italic, strike, name] = match;
    nodes.push(...withArt(decoded(text.slice(end, match.index))));
    end = match.index + all.length;
    if (code !== undefined) {
      nodes.push(h('code', {}, codeText(code)));
    } else if (angle !== undefined) {
      nodes.push(angled(angle));
    } else if (bold !== undefined) {
      nodes.push(h('strong', {}, inline(bold)));
    } else if (italic !== undefined) {
      nodes.push(h('em', {}, inline(italic)));
    } else if (strike !== undefined) {
      nodes.push(h('s', {}, inline(strike)));
    } else {
      nodes.push(emoji(name) ?? all);
    }
  }
  nodes.push(...withArt(decoded(text.slice(end))));
  return nodes.filter((node) => node !== '');
}

/** Links and mentions inside of code are shown by their labels. */
function codeText(code) {
  return decoded(
    code.replace(/<([^<>|]+)(?:\|([^<>]*))?>/gu, (_, target, label) => label ?? target),
  );
}

function lines(text) {
  const nodes = [];
  let quote = [];
  const flush = () => {
    if (quote.length > 0) {
      nodes.push(h('blockquote', {}, joined(quote)));
      quote = [];
    }
  };
  let plain = [];
  const flushPlain = () => {
    if (plain.length > 0) {
      nodes.push(h('span', { class: 'lines' }, joined(plain)));
      plain = [];
    }
  };
  for (const line of text.split('\n')) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/u.exec(line);
    if (quoted) {
      flushPlain();
      quote.push(quoted[1]);
    } else {
      flush();
      plain.push(line);
    }
  }
  flush();
  flushPlain();
  return nodes;
}

function joined(all) {
  return all.flatMap((line, index) => (index > 0 ? [h('br'), ...inline(line)] : inline(line)));
}

/** A whole text: code blocks, quotes, lines. */
export function mrkdwn(text) {
  return text.split(/```\n?([\s\S]*?)\n?```/gu).flatMap((part, index) => {
    if (index % 2 === 1) {
      return [h('pre', {}, codeText(part))];
    }
    return part.trim() === '' ? [] : lines(part.replace(/^\n|\n$/gu, ''));
  });
}

/** A text object of either kind. */
export function textObject(object) {
  if (!object) {
    return [];
  }
  if (object.type === 'mrkdwn') {
    return mrkdwn(object.text);
  }
  return plain(object.text);
}

/** Plain text as nodes: emoji are drawn, nothing else is. */
export function plain(text) {
  return decoded(text)
    .split(/:([a-z0-9_+'-]+):/gu)
    .flatMap((part, index) => (index % 2 === 0 ? withArt(part) : [emoji(part) ?? `:${part}:`]));
}

/** Plain text for places that take text alone. */
export function plainText(text) {
  return decoded(text).replace(/:([a-z0-9_+'-]+):/gu, (all, name) => emojiText(name) ?? all);
}
