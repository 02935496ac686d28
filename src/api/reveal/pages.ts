import { REVEAL_LINK_LIFETIME_MS } from '../../core/keys/reveal-link.ts';
import type { FirstCall } from '../../core/models/first-call.ts';
import type { Refusal } from '../../core/refusals.ts';
import { cureOf, publicSentence, REFUSALS } from '../../core/refusals.ts';
import { MINUTE_MS } from '../../core/time.ts';
import { RETRY_AFTER_SECONDS } from '../answer.ts';
import { html } from '../page/html.ts';
import type { Markup } from '../page/html.ts';
import { pageOf } from '../page/layout.ts';
import type { Page } from '../page/layout.ts';
import { COPY_SCRIPT } from './copy-script.ts';
import { examplesOf } from './examples.ts';

/** Asks before it reveals: previews, scanners and prefetching browsers send no forms. */
export function closedPage(teamId: string, passphrase?: { readonly isWrong: boolean }): Page {
  return pageOf({
    status: passphrase?.isWrong === true ? 403 : 200,
    title: `A key for team ${teamId}`,
    content: html`<h1>A key for team ${teamId}</h1>
      <p>It is shown once. Reveal it when you are ready to put it where your program reads it.</p>
      <form method="post">
        ${passphrase === undefined ? '' : passphraseField(passphrase.isWrong)}
        <button type="submit">Reveal the key</button>
      </form>
      <footer>
        <p>Opening this page has not used the link up; the button does. ${LIFETIME}</p>
      </footer>`,
  });
}

function passphraseField(isWrong: boolean): Markup {
  return html`${isWrong ? html`<p class="warn" role="alert">That is not the passphrase.</p>` : ''}
    <p>
      <label for="passphrase">The passphrase that was agreed upon</label><br />
      <input
        id="passphrase"
        name="passphrase"
        type="password"
        autocomplete="off"
        required
        autofocus
      />
    </p>`;
}

/** For somebody whom single sign-on does not name. */
export function strangerPage(): Page {
  return pageOf({
    status: 403,
    title: 'Sign in first',
    content: html`<h1>Sign in first</h1>
      <p>Nothing was revealed. This link opens only for people who are signed in.</p>
      <p>
        Open it through your company's sign-on, in the network from which you reach its tools.
      </p>`,
  });
}

/** For a link that somebody guesses at. */
export function guessedPage(): Page {
  return pageOf({
    status: 403,
    title: 'Too many wrong passphrases',
    content: html`<h1>Too many wrong passphrases</h1>
      <p>Nothing was revealed, and this link takes no more guesses.</p>
      <p>Ask your account manager for a new one.</p>`,
  });
}

/** The key, and what to do with it. */
export function openPage(shown: {
  readonly teamId: string;
  readonly secretKey: string;
  readonly publicUrl: string;
  readonly firstCall: FirstCall | undefined;
}): Page {
  const baseUrl = `${shown.publicUrl}/v1`;
  const { curl, python, sdk } = examplesOf(shown);
  return pageOf({
    status: 200,
    title: `The key for team ${shown.teamId}`,
    script: COPY_SCRIPT,
    content: html`<h1>The key for team ${shown.teamId}</h1>
      <p class="warn">Copy it now: this page won't show it again.</p>
      <div class="box key">
        <code id="key">${shown.secretKey}</code>
        ${copyButton('key', 'the key')}
      </div>
      <h2>Base URL</h2>
      <div class="box">
        <code id="base-url">${baseUrl}</code>${copyButton('base-url', 'the URL')}
      </div>
      <h2>Try it in a shell</h2>
      <div class="box">
        <pre id="curl" tabindex="0">${curl}</pre>
        ${copyButton('curl', 'the command')}
      </div>
      <h2>Use it in Python, with the ${sdk} package</h2>
      <div class="box">
        <pre id="python" tabindex="0">${python}</pre>
        ${copyButton('python', 'the program')}
      </div>
      <footer>
        <p>
          Keep it like a password, out of version control and chat. If it leaks, ask your account
          manager to revoke it.
        </p>
      </footer>`,
  });
}

/** Why there is no key to see, and what to do. */
export function refusedPage(refusal: Refusal): Page {
  const { status } = REFUSALS[refusal.refused];
  return pageOf({
    status,
    title: TITLES[refusal.refused] ?? 'Not now',
    ...(status === 503 ? { headers: { 'retry-after': RETRY_AFTER_SECONDS } } : {}),
    content: html`<h1>${TITLES[refusal.refused] ?? 'Not now'}</h1>
      <p>${sentenceOf(refusal)}</p>
      <p>${cureOf(refusal)}</p>`,
  });
}

/** For a form that another site sent. */
export function foreignPage(): Page {
  return pageOf({
    status: 403,
    title: 'Not from here',
    content: html`<h1>Nothing was revealed</h1>
      <p>The request came from another site. Open the link itself and press the button there.</p>`,
  });
}

/** For a mistake of ours; the log knows more. */
export function brokenPage(status: number): Page {
  return pageOf({
    status,
    title: 'Something went wrong',
    content: html`<h1>Something went wrong</h1>
      <p>
        Nothing was revealed by this attempt as far as we know. Try the link again in a moment.
      </p>`,
  });
}

const TITLES: Readonly<Partial<Record<Refusal['refused'], string>>> = {
  link_unknown: 'No such link',
  link_expired: 'This link has expired',
  link_opened: 'Nothing left to reveal',
};

function copyButton(target: string, what: string): Markup {
  return html`<button type="button" data-copy="${target}" aria-label="Copy ${what}">Copy</button>`;
}

/** The sentence with its moment as people read one. */
function sentenceOf(refusal: Refusal): string {
  const at = new Date(String(refusal.facts['at']));
  if (Number.isNaN(at.getTime())) {
    return publicSentence(refusal);
  }
  return publicSentence({ ...refusal, facts: { ...refusal.facts, at: momentText(at) } });
}

/** `21 November 2026, 08:18 UTC` */
function momentText(at: Date): string {
  return `${DAY.format(at)}, ${at.toISOString().slice(11, 16)} UTC`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

const LIFETIME = `The link works for ${REVEAL_LINK_LIFETIME_MS / MINUTE_MS} minutes from its making.`;
