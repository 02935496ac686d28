// What the gallery holds, and the page that shows it.

import type { Section } from './picture.ts';
import { ALERTS } from './sections/alerts.ts';
import { APPROVALS } from './sections/approvals.ts';
import { CATALOG } from './sections/catalog.ts';
import { CREDITS } from './sections/credits.ts';
import { CUSTOMERS } from './sections/customers.ts';
import { HELP } from './sections/help.ts';
import { KEYS } from './sections/keys.ts';
import { MANY } from './sections/many.ts';
import { NEWS } from './sections/news.ts';
import { TEAMS } from './sections/teams.ts';
import { TROUBLE } from './sections/trouble.ts';
import { WHOLE } from './sections/whole.ts';

/** In the order in which they are taken: each stands on what those before it have done. */
export const SECTIONS: readonly Section[] = [
  HELP,
  TEAMS,
  CREDITS,
  MANY,
  KEYS,
  APPROVALS,
  ALERTS,
  NEWS,
  CATALOG,
  CUSTOMERS,
  WHOLE,
  TROUBLE,
];

const HEAD = `# What Slack shows

Each kind of message and form of [the desk](slack.md), drawn by the local workspace. Made by \`npm run pictures\`.`;

/** docs/slack-gallery.md. */
export function galleryPage(): string {
  const sections = SECTIONS.map(([title, pictures]) => {
    const shown = pictures.map(
      ({ name, says }) => `${says}:\n\n![${says}](images/desk/${name}.png)`,
    );
    return `## ${title}\n\n${shown.join('\n\n')}`;
  });
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}
