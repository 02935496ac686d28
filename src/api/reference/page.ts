import { pageHeaders } from '../page/headers.ts';
import { html } from '../page/html.ts';
import type { Markup } from '../page/html.ts';
import type { Page } from '../page/layout.ts';

/** The document has no links between answers; and on a phone, the margins take what the answers need. */
const STYLE: Markup = {
  markup: `
.swagger-ui .response-col_links { display: none; }
@media (max-width: 40em) {
  .swagger-ui :is(.wrapper, .responses-inner, .parameters-container, .table-container) {
    padding-left: 8px; padding-right: 8px;
  }
  .swagger-ui .opblock .opblock-section-header { padding-left: 8px; padding-right: 8px; }
  .swagger-ui .response-col_status { width: 3em; }
  .swagger-ui table tbody tr td:first-of-type { min-width: 3em; padding-right: 8px; }
}
`,
};

/** Where the management API is read and tried. Its styles are set by script, so they can't carry a nonce. */
export function referencePage(): Page {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <title>Management API · Quartermaster</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="docs/swagger-ui.css" />
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <div id="reference"></div>
        <script src="docs/swagger-ui-bundle.js"></script>
        <script type="module" src="docs/start.js"></script>
      </body>
    </html> `;
  return { status: 200, headers: HEADERS, body: document.markup };
}

const HEADERS = pageHeaders([
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
]);
