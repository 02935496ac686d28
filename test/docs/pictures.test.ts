import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RENDERERS } from '../../src/bot/posts/renderers.ts';
import { ALERT_KINDS } from '../../src/core/alerts/episode.ts';
import { ITEMS } from '../bot/every-item/items.ts';
import { galleryPage, SECTIONS } from '../pictures/gallery.ts';
import { PICTURE_MAX_BYTES } from '../pictures/limits.ts';

const DOCS = path.join(import.meta.dirname, '../../docs');
const PAGES = ['README.md', ...readdirSync(DOCS).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** Pictures that a page shows, from the root. */
function shownOn(page: string): string[] {
  const text = readFileSync(path.join(DOCS, '..', page), 'utf8');
  return [...text.matchAll(/!\[[^\]]+\]\(([^)]+\.png)\)/g)].map((match) =>
    path.join(path.dirname(page), match[1] ?? ''),
  );
}

test('each picture is shown on a page with words for who does not see it, and each is there', () => {
  const there = readdirSync(path.join(DOCS, 'images'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.png'))
    .map((name) => path.join('docs/images', name));
  expect([...new Set(PAGES.flatMap(shownOn))].toSorted()).toEqual(there.toSorted());
});

test('pictures of the desk are small', () => {
  const folder = path.join(DOCS, 'images/desk');
  const large = readdirSync(folder).filter(
    (name) => statSync(path.join(folder, name)).size > PICTURE_MAX_BYTES,
  );
  expect(large).toEqual([]);
});

/** Under their short names they are typed. */
const LONG_NAMES = ['/team credits show', '/team key list'];
const isShown = (item: string) => /^(\/(?!\S+ help$)|form )/.test(item);

/** What a person is shown: the answer of each subcommand, each form, each kind of post and of alert. */
const SHOWN = [
  ...ITEMS.filter((item) => isShown(item) && !LONG_NAMES.includes(item)),
  ...Object.keys(RENDERERS).map((kind) => `post ${kind}`),
  ...ALERT_KINDS.map((kind) => `alert ${kind}`),
];

test('each kind of message and form of the desk has a picture', () => {
  const pictured = SECTIONS.flatMap(([, pictures]) => pictures.flatMap(({ shows = [] }) => shows));
  expect(SHOWN.filter((item) => !pictured.includes(item))).toEqual([]);
});

test('the page of the desk shows the pictures that are taken of it', () => {
  const page = readFileSync(path.join(DOCS, 'slack-gallery.md'), 'utf8');
  expect(page).toBe(galleryPage());
});

test('each sign that the bot writes is drawn by the workspace, which has no fonts but those of its machine', () => {
  const read = (file: string) => readFileSync(path.join(DOCS, '..', file), 'utf8');
  const sources = readdirSync(path.join(DOCS, '../src/bot'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => read(`src/bot/${file}`));
  const signs = sources.flatMap((text) => text.match(/\p{Emoji_Presentation}|.\uFE0F/gu) ?? []);
  const art = read('src/embedded/slack/page/emoji-art.js');
  const named = [
    ...read('src/embedded/slack/page/emoji.js').matchAll(/^ {2}'?([\w+-]+)'?: '(.+)',$/gm),
  ];
  const drawn = named.filter(([, name = '']) => art.includes(`  ${name}: `));
  const isDrawn = (sign: string) => drawn.some(([, , character]) => character === sign);
  expect([...new Set(signs)].filter((sign) => !isDrawn(sign))).toEqual([]);
});
