// `npm run pictures`: each kind of message and form, drawn anew into docs/images/desk and named on docs/slack-gallery.md.

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { furnish } from './house.ts';
import type { Section } from './picture.ts';
import { APPROVALS } from './sections/approvals.ts';
import { CATALOG } from './sections/catalog.ts';
import { CREDITS } from './sections/credits.ts';
import { HELP } from './sections/help.ts';
import { KEYS } from './sections/keys.ts';
import { MANY } from './sections/many.ts';
import { NEWS } from './sections/news.ts';
import { TEAMS } from './sections/teams.ts';
import { WHOLE } from './sections/whole.ts';
import { openStudio } from './studio.ts';
import type { Studio } from './studio.ts';

const GALLERY = path.join(import.meta.dirname, '../../docs/slack-gallery.md');
const SECTIONS: readonly Section[] = [
  HELP,
  TEAMS,
  CREDITS,
  MANY,
  KEYS,
  APPROVALS,
  NEWS,
  CATALOG,
  WHOLE,
];
const FURNISHED_WITHIN_MS = 120_000;

let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
  await furnish(studio.subject);
}, FURNISHED_WITHIN_MS);
afterAll(async () => studio.close());

for (const [title, pictures] of SECTIONS) {
  for (const { name, says, take } of pictures) {
    test(`${title}, ${name}: ${says}`, async () => {
      await expect(take(studio, name)).resolves.toBeUndefined();
    });
  }
}

test('the page names them all', async () => {
  const sections = SECTIONS.map(([title, pictures]) => {
    const shown = pictures.map(
      ({ name, says }) => `${says}:\n\n![${says}](images/desk/${name}.png)`,
    );
    return `## ${title}\n\n${shown.join('\n\n')}`;
  });
  const head = `# What Slack shows

Each kind of message and form of [the desk](slack.md), drawn by the local workspace. Made by \`npm run pictures\`.`;
  const page = `${[head, ...sections].join('\n\n')}\n`;
  await writeFile(GALLERY, page);
  expect(page).toContain('images/desk/help.png');
});
