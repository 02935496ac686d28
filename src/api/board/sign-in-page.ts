import { html } from '../page/html.ts';
import { pageOf } from '../page/layout.ts';
import type { Page } from '../page/layout.ts';
import { BOARD_PATH } from './session.ts';

/** Asks whether to leave: a link alone changes nothing. */
export function signOutPage(): Page {
  return pageOf({
    status: 200,
    title: 'Tasks',
    content: html`<h1>The worker's tasks</h1>
      <form method="post" action="${BOARD_PATH}/sign-out">
        <button type="submit">Sign out</button>
      </form>
      <footer>
        <p><a href="${BOARD_PATH}">Back to the tasks</a></p>
      </footer>`,
  });
}

/** Asks for the admin key. */
export function signInPage(complaint?: string, status = 401): Page {
  return pageOf({
    status,
    title: 'Tasks',
    content: html`<h1>The worker's tasks</h1>
      <p>What waits, runs and failed, for whoever runs this installation.</p>
      ${complaint === undefined ? '' : html`<p role="alert"><strong>${complaint}</strong></p>`}
      <form method="post" action="${BOARD_PATH}/sign-in" autocomplete="off">
        <p>
          <label for="key">Admin key</label><br />
          <input id="key" name="key" type="password" required autofocus />
        </p>
        <button type="submit">Open</button>
      </form>
      <footer>
        <p>
          It stays open in this browser for ten hours. There a failed task can be tried again, and a
          delayed one run now; nothing else can be changed.
        </p>
      </footer>`,
  });
}
