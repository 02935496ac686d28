import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { codeOf } from '../../thrown.ts';
import { send } from './answer.ts';

const PAGE_FOLDER = new URL('../page/', import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Scripts, styles and data from here alone; pictures of blocks may come from anywhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' https: http: data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

// No slash, no dot but the last: a name can't lead out of the folder.
const FILE_NAME = /^[a-z-]+\.(html|css|js|svg)$/u;

/** Serves the page as its files are. */
export async function answerPage(response: ServerResponse, pathname: string): Promise<void> {
  const name = pathname === '/' ? 'index.html' : pathname.slice('/page/'.length);
  const type = TYPES[FILE_NAME.exec(name)?.[1] ?? ''];
  if (type === undefined) {
    send(response, 404, 'text/plain', 'no such page');
    return;
  }
  try {
    send(response, 200, type, await readFile(new URL(name, PAGE_FOLDER)), {
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    });
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') {
      throw thrown;
    }
    send(response, 404, 'text/plain', 'no such page');
  }
}
