import { avatar } from './avatar.js';
import { byId, h, icon, replace } from './dom.js';
import { botPerson, person, store } from './store.js';

function roomLink(href, isCurrent, isUnread, ...children) {
  return h(
    'a',
    {
      class: `room-link ${isUnread ? 'is-unread' : ''}`,
      href,
      'aria-current': isCurrent ? 'page' : undefined,
    },
    children,
  );
}

function channels() {
  return store.workspace.channels.map((one) =>
    roomLink(
      `#/${one.id}`,
      !store.room.isApp && store.room.channel === one.id,
      store.unread.has(one.id),
      icon('hash'),
      h('span', {}, one.name),
    ),
  );
}

function people(onChoose) {
  return store.workspace.people
    .filter((one) => !one.isBot)
    .map((one) =>
      h(
        'button',
        {
          class: 'person',
          type: 'button',
          'aria-pressed': String(one.id === store.user),
          'data-user': one.id,
          on: { click: () => onChoose(one.id) },
        },
        avatar(one),
        h('span', {}, h('strong', {}, one.name), h('small', {}, one.title)),
        one.id === store.user ? icon('check') : null,
      ),
    );
}

export function showSidebar(onChoose) {
  const bot = botPerson();
  const direct = person(store.user)?.directChannel;
  const { team } = store.workspace;
  replace(
    byId('sidebar'),
    h('div', { class: 'team' }, h('strong', {}, team.name), h('small', {}, 'Local workspace')),
    h(
      'div',
      { class: 'rooms' },
      h('h2', {}, 'Channels'),
      channels(),
      h('h2', {}, 'Apps'),
      roomLink(
        '#/app/home',
        store.room.isApp,
        store.unread.has(direct),
        avatar(bot),
        h('span', {}, bot.name),
        h('i', {
          class: `presence ${store.workspace.connected ? 'is-on' : ''}`,
          title: store.workspace.connected ? 'Connected' : 'Not connected',
        }),
      ),
    ),
    h('div', { class: 'people' }, h('h2', {}, 'You are'), people(onChoose)),
  );
}

function tab(name, label) {
  return h(
    'a',
    {
      class: 'tab',
      href: `#/app/${name}`,
      'aria-current': store.room.tab === name ? 'page' : undefined,
    },
    label,
  );
}

export function showHeader() {
  const bot = botPerson();
  const { room, workspace } = store;
  const channel = workspace.channels.find((one) => one.id === room.channel);
  const header = byId('room-header');
  document.title = room.isApp ? bot.name : `#${channel?.name ?? ''} · ${workspace.team.name}`;
  if (room.isApp) {
    replace(
      header,
      h('h1', {}, avatar(bot), bot.name),
      h('div', { class: 'tabs' }, tab('home', 'Home'), tab('messages', 'Messages')),
    );
    return;
  }
  replace(
    header,
    h('h1', {}, icon('hash'), channel?.name ?? ''),
    h('p', {}, channel?.topic ?? ''),
    h('span', { class: 'members' }, `${channel?.members ?? 0} members`),
  );
}

export function showBanner() {
  const banner = byId('banner');
  banner.hidden = store.workspace.connected;
  replace(
    banner,
    icon('warning'),
    `${botPerson().name} is not connected. Messages are kept; commands and buttons wait for it to start.`,
  );
}
