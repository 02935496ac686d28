import { avatar } from './avatar.js';
import { drawBlocks } from './blocks.js';
import { byId, h, icon, replace } from './dom.js';
import { emoji } from './emoji.js';
import { mrkdwn } from './mrkdwn.js';
import { createPlace } from './place.js';
import { openPopover } from './popover.js';
import { act } from './server.js';
import { channel, person, store } from './store.js';
import { toast } from './toast.js';

/** The messages of a room. One that did not change keeps its node, and with it what was typed. */

const GROUP_WITHIN_S = 300;
const NEAR_BOTTOM_PX = 120;
let drawn = new Map();
let room = '';

function timeOf(stamp) {
  return new Date(Number(stamp) * 1000);
}

const clock = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en', { weekday: 'long', month: 'long', day: 'numeric' });

function attachments(message, place) {
  return message.attachments.map((one) => {
    const node = h(
      'div',
      { class: 'attachment' },
      one.blocks
        ? drawBlocks(one.blocks, place)
        : h('div', { class: 'text' }, mrkdwn(one.text ?? one.fallback ?? '')),
    );
    node.style.borderColor = /^#[0-9a-f]{3,8}$/iu.test(one.color ?? '') ? one.color : '';
    return node;
  });
}

function files(message) {
  return message.files.map((file) =>
    file.mimetype.startsWith('image/')
      ? h(
          'figure',
          { class: 'block-image' },
          h('figcaption', {}, file.title),
          h('img', { src: file.url_private, alt: file.alt_txt || file.title }),
        )
      : h(
          'a',
          { class: 'file', href: file.url_private, download: file.name },
          icon('file'),
          h('span', {}, file.title, h('small', {}, `${file.size} bytes`)),
        ),
  );
}

function reactions(message) {
  const pills = message.reactions.map((one) => {
    const given = { user: store.user, channel: message.channel, messageStamp: message.stamp };
    const names = one.users.map((id) => person(id)?.name ?? id).join(', ');
    return h(
      'button',
      {
        class: `reaction ${one.users.includes(store.user) ? 'is-mine' : ''}`,
        type: 'button',
        title: names,
        on: { click: () => act('react', { ...given, name: one.name }) },
      },
      emoji(one.name) ?? `:${one.name}:`,
      h('span', {}, String(one.users.length)),
    );
  });
  return pills.length > 0 ? h('div', { class: 'reactions' }, pills) : null;
}

function content(message) {
  const all = [...message.blocks, ...message.attachments.flatMap((one) => one.blocks ?? [])];
  const place = createPlace({ messageStamp: message.stamp }, all);
  const edited = message.edited ? h('span', { class: 'edited' }, '(edited)') : null;
  const body =
    message.blocks.length > 0
      ? [drawBlocks(message.blocks, place), edited]
      : [message.text ? h('div', { class: 'text' }, mrkdwn(message.text), edited) : null];
  return [body, attachments(message, place), files(message), reactions(message)];
}

/** What the app offers on this message, behind three dots. */
function shortcutsOn(message) {
  const offered = store.workspace.shortcuts.filter((one) => one.type === 'message');
  if (message.ephemeralFor || offered.length === 0) {
    return null;
  }
  const open = (event) => {
    const choose = async (one) => {
      close();
      const given = { user: store.user, callbackId: one.callbackId, messageStamp: message.stamp };
      const outcome = await act('shortcut', given);
      if (!outcome.ok) {
        toast(outcome.sentence);
      }
    };
    const rows = offered.map((one) =>
      h(
        'button',
        { class: 'menu-option', type: 'button', on: { click: () => choose(one) } },
        one.name,
      ),
    );
    const close = openPopover(event.currentTarget, h('div', { class: 'menu' }, rows));
  };
  return h(
    'button',
    { class: 'message-more', type: 'button', 'aria-label': 'More actions', on: { click: open } },
    icon('more'),
  );
}

function draw(message, isFollowUp) {
  const author = person(message.user);
  const at = timeOf(message.stamp);
  const time = h(
    'time',
    { datetime: at.toISOString(), title: at.toLocaleString() },
    clock.format(at),
  );
  const isApp = author?.isBot && author.id !== 'USLACKBOT';
  const classes = [
    'message',
    isFollowUp ? 'is-follow-up' : '',
    message.ephemeralFor ? 'is-ephemeral' : '',
    message.threadStamp ? 'is-reply' : '',
  ];
  return h(
    'article',
    { class: classes.filter(Boolean).join(' '), 'data-stamp': message.stamp },
    message.ephemeralFor
      ? h('div', { class: 'only-you' }, icon('eye'), 'Only visible to you')
      : null,
    h('div', { class: 'message-face' }, isFollowUp ? time : avatar(author)),
    h(
      'div',
      { class: 'message-body' },
      isFollowUp
        ? null
        : h(
            'div',
            { class: 'message-head' },
            h('strong', {}, message.author),
            isApp ? h('span', { class: 'app-badge' }, 'APP') : null,
            time,
          ),
      content(message),
    ),
    shortcutsOn(message),
  );
}

function isFollowUp(message, before) {
  return (
    before !== undefined &&
    before.user === message.user &&
    before.author === message.author &&
    !before.ephemeralFor &&
    !message.ephemeralFor &&
    before.threadStamp === message.threadStamp &&
    Number(message.stamp) - Number(before.stamp) < GROUP_WITHIN_S
  );
}

/** Replies stand below what they answer. */
function inReadingOrder(messages) {
  const replies = Map.groupBy(messages, (one) => one.threadStamp ?? '');
  const roots = messages.filter(
    (one) => !one.threadStamp || !messages.some((other) => other.stamp === one.threadStamp),
  );
  return roots.flatMap((one) => [one, ...(replies.get(one.stamp) ?? [])]);
}

function beginning(roomId) {
  const known = channel(roomId);
  return h(
    'div',
    { class: 'beginning' },
    h('h2', {}, known ? `#${known.name}` : 'Quartermaster'),
    h(
      'p',
      {},
      known
        ? known.topic === ''
          ? ''
          : `${known.topic}. `
        : 'What you and the app say here, nobody else sees. ',
      'Type ',
      h('code', {}, '/'),
      ' to see what you can do.',
    ),
  );
}

export function showMessages(roomId, messages) {
  const scroller = byId('scroller');
  const isNew = room !== `${roomId} ${store.user}`;
  const wasAtEnd =
    scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM_PX;
  const next = new Map();
  const nodes = [beginning(roomId)];
  let before;
  for (const message of inReadingOrder(messages)) {
    const at = timeOf(message.stamp);
    if (!before || at.toDateString() !== timeOf(before.stamp).toDateString()) {
      nodes.push(h('div', { class: 'day' }, h('span', {}, day.format(at))));
      before = undefined;
    }
    const follows = isFollowUp(message, before);
    const key = JSON.stringify([message, follows]);
    const kept = isNew ? undefined : drawn.get(message.stamp);
    const entry = kept?.key === key ? kept : { key, node: draw(message, follows) };
    next.set(message.stamp, entry);
    nodes.push(entry.node);
    before = message;
  }
  drawn = next;
  room = `${roomId} ${store.user}`;
  replace(byId('room-body'), nodes);
  if (isNew || wasAtEnd) {
    scroller.scrollTop = scroller.scrollHeight;
  }
}

/** Other things than messages are shown now: nothing drawn is worth keeping. */
export function forgetMessages() {
  drawn = new Map();
  room = '';
}
