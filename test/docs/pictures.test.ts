import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
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
