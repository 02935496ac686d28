// `npm run pictures`: each kind of message and form, drawn anew into docs/images/desk and named on docs/slack-gallery.md.

import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { galleryPage, SECTIONS } from './gallery.ts';
import { furnish } from './house.ts';
import { openStudio, PICTURES } from './studio.ts';
import type { Studio } from './studio.ts';

const GALLERY = path.join(import.meta.dirname, '../../docs/slack-gallery.md');
const FURNISHED_WITHIN_MS = 120_000;

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
  await furnish(studio.subject);
}, FURNISHED_WITHIN_MS);
afterEach(async () => studio.tidy());
afterAll(async () => studio.close());

for (const [title, pictures] of SECTIONS) {
  for (const { name, says, take } of pictures) {
    test(`${title}, ${name}: ${says}`, async () => {
      await expect(take(studio, name)).resolves.toBeUndefined();
    });
  }
}

test('the page names them all, and no other is kept', async () => {
  const page = galleryPage();
  await writeFile(GALLERY, page);
  const kept = await readdir(PICTURES);
  const left = kept.filter((name) => !page.includes(`/${name})`));
  await Promise.all(left.map(async (name) => rm(path.join(PICTURES, name))));
  expect(kept).toContain('help.png');
});
