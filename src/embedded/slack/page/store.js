/** What the page knows. One object, changed in main.js alone, read everywhere. */
export const store = {
  workspace: null,
  user: localStorage.getItem('user') ?? '',
  /** Channel id, or `app` with the tab. */
  room: { channel: '', tab: 'messages', isApp: false },
  unread: new Set(),
};

export function person(id) {
  return store.workspace?.people.find((one) => one.id === id);
}

export function channel(id) {
  return store.workspace?.channels.find((one) => one.id === id);
}

export function group(id) {
  return store.workspace?.groups.find((one) => one.id === id);
}

export function botPerson() {
  return person(store.workspace.bot.userId);
}
