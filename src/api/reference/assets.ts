// The files of the reference page, out of the installed package: nothing is fetched from elsewhere.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { START_SCRIPT } from './start-script.ts';

export interface Asset {
  readonly name: string;
  readonly contentType: string;
  /** Read once. */
  read(): Promise<AssetContent>;
}

interface AssetContent {
  readonly text: string;
  readonly etag: string;
}

const SCRIPT = 'text/javascript; charset=utf-8';
const STYLE = 'text/css; charset=utf-8';

export const ASSETS: readonly Asset[] = [
  asset('swagger-ui.css', STYLE, installed(import.meta.resolve('swagger-ui-dist/swagger-ui.css'))),
  asset(
    'swagger-ui-bundle.js',
    SCRIPT,
    installed(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  ),
  asset('start.js', SCRIPT, async () => START_SCRIPT),
];

function asset(name: string, contentType: string, source: () => Promise<string>): Asset {
  let content: Promise<AssetContent> | undefined;
  return {
    name,
    contentType,
    read: async () => (content ??= source().then((text) => ({ text, etag: etagOf(text) }))),
  };
}

function installed(url: string): () => Promise<string> {
  return async () => readFile(fileURLToPath(url), 'utf8');
}

function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url')}"`;
}
