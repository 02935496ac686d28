import { randomBytes } from 'node:crypto';
import { pageHeaders } from './headers.ts';
import { html } from './html.ts';
import type { Markup } from './html.ts';
import { STYLE } from './style.ts';

/** A page that a browser may show but neither keep, frame, index nor tell others about. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface PageContent {
  readonly status: number;
  readonly title: string;
  readonly content: Markup;
  /** Runs under the page's nonce. Source of ours alone: nothing may be put into it. */
  readonly script?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Puts content into the one layout that all pages share. */
export function pageOf({ status, title, content, script, headers = {} }: PageContent): Page {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${title} · Quartermaster</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand"><span class="mark" aria-hidden="true"></span>Quartermaster</p>
          ${content}
        </main>
        ${
          script === undefined
            ? ''
            : html`<script nonce="${nonce}">
                ${trusted(script)};
              </script>`
        }
      </body>
    </html> `;
  return { status, headers: { ...securityHeaders(nonce), ...headers }, body: document.markup };
}

/** Source of ours, which is not to be escaped. */
function trusted(source: string): Markup {
  return { markup: source };
}

/** 128 bits: not to be guessed by what tries to slip a script in. */
const NONCE_BYTES = 16;

function securityHeaders(nonce: string): Record<string, string> {
  const policy = [
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
  ];
  return {
    ...pageHeaders(policy),
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
}
