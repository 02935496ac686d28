import { showComposer } from './composer.js';
import { byId } from './dom.js';
import { showHome } from './home.js';
import { showMessages } from './messages.js';
import { onModalChange, showModals } from './modal.js';
import { act, ask, listen } from './server.js';
import { showBanner, showHeader, showSidebar } from './sidebar.js';
import { botPerson, channel, person, store } from './store.js';
import { toast } from './toast.js';

/** Puts the page together: where one is, as whom, and what to draw anew when something changed. */

let stop = () => {};

function readRoom() {
  const [, first = '', second = ''] = location.hash.split('/');
  if (first === 'app') {
    const tab = second === 'messages' ? 'messages' : 'home';
    return { isApp: true, tab, channel: person(store.user)?.directChannel ?? '' };
  }
  if (first !== '' && first === person(store.user)?.directChannel) {
    return { isApp: true, tab: 'messages', channel: first };
  }
  const known = channel(first) ?? channel('C0ACME') ?? store.workspace.channels[0];
  return { isApp: false, tab: 'messages', channel: known?.id ?? '', stamp: second };
}

async function showRoom() {
  const { user, room } = store;
  if (room.isApp && room.tab === 'home') {
    const view = await ask('home', { user });
    if (store.room === room && store.user === user) {
      showHome(view);
    }
    return;
  }
  const messages = await ask('messages', { channel: room.channel, user });
  if (store.room === room && store.user === user) {
    showMessages(room.channel, messages);
  }
}

async function showViews() {
  const { user } = store;
  const stack = await ask('views', { user });
  if (store.user === user) {
    showModals(stack);
  }
}

async function showFrame() {
  store.workspace = await ask('state');
  showSidebar(become);
  showHeader();
  showBanner();
}

function roomName() {
  return store.room.isApp ? botPerson().name : `#${channel(store.room.channel)?.name ?? ''}`;
}

/** Goes where the address says. */
async function enter() {
  store.room = readRoom();
  store.unread.delete(store.room.channel);
  showSidebar(become);
  showHeader();
  showComposer(roomName());
  await showRoom();
  if (store.room.stamp) {
    const wanted = document.querySelector(`[data-stamp="${CSS.escape(store.room.stamp)}"]`);
    wanted?.scrollIntoView({ block: 'center' });
    wanted?.classList.add('is-wanted');
  }
  if (store.room.isApp && store.room.tab === 'home') {
    const outcome = await act('home', { user: store.user });
    if (!outcome.ok && store.workspace.connected) {
      toast(outcome.sentence);
    }
  }
}

async function changed(change) {
  switch (change.kind) {
    case 'message':
      if (change.channel === store.room.channel) {
        await showRoom();
      } else {
        await noticeUnread(change.channel);
      }
      return;
    case 'home':
      await showRoom();
      return;
    case 'views':
      await showViews();
      return;
    case 'notice':
      toast(change.text);
      return;
    default:
      await showFrame();
  }
}

const lastSeen = new Map();

/** A message for other eyes is a change as well, but nothing new for this person. */
async function noticeUnread(id) {
  const messages = await ask('messages', { channel: id, user: store.user });
  const last = messages.at(-1)?.stamp;
  const key = `${store.user} ${id}`;
  if (last !== undefined && last !== lastSeen.get(key)) {
    lastSeen.set(key, last);
    store.unread.add(id);
    if (!store.workspace.channels.some((one) => one.id === id)) {
      store.workspace = await ask('state');
    }
    showSidebar(become);
  }
}

/** Acts as another person from now on. */
async function become(user) {
  store.user = user;
  localStorage.setItem('user', user);
  store.unread.clear();
  showModals([]);
  stop();
  let isFirst = true;
  stop = listen(
    user,
    (change) => void changed(change).catch((error) => toast(error.message)),
    // After a break anything may have changed.
    () => {
      if (!isFirst) {
        void showFrame().then(showRoom).then(showViews);
      }
      isFirst = false;
    },
  );
  await enter();
  await showViews();
}

async function start() {
  onModalChange(showViews);
  store.workspace = await ask('state');
  const people = store.workspace.people.filter((one) => !one.isBot);
  const user = people.find((one) => one.id === store.user) ?? people[0];
  store.room = { isApp: false, tab: 'messages', channel: '' };
  store.user = user.id;
  showBanner();
  addEventListener('hashchange', () => void enter());
  await become(user.id);
  byId('sidebar').dataset.ready = 'true';
}

void start().catch((error) => toast(error.message));
