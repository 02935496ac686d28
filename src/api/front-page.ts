import { html } from './page/html.ts';
import { pageOf } from './page/layout.ts';
import type { Page } from './page/layout.ts';

/** What somebody sees who opens the server's address in a browser. */
export function frontPage(publicUrl: string): Page {
  return pageOf({
    status: 200,
    title: 'Running',
    content: html`<h1>Quartermaster is running</h1>
      <p>It issues keys and credits for language models, and keeps every call within them.</p>
      <ul>
        <li>Programs call models at <code>${publicUrl}/v1</code>, by any OpenAI SDK.</li>
        <li>Account managers work in Slack: <code>/team help</code> is the way in.</li>
        <li>
          Scripts manage everything at <code>${publicUrl}/api</code>, with the admin key:
          <a href="/docs">read and try it</a>.
        </li>
      </ul>
      <footer>
        <p>
          Health: <a href="/health/live">live</a>, <a href="/health/ready">ready</a>. How to begin
          stands in README.md.
        </p>
      </footer>`,
  });
}
