import { textOf } from '../../bot/bot-for-tests.ts';
import { answer, ofKey } from '../picture.ts';
import type { Section } from '../picture.ts';
import type { Studio } from '../studio.ts';

export const KEYS: Section = [
  'Keys',
  [
    answer('keys', 'Keys of a team', '/team key acme-prod', '*Keys of*'),
    ofKey('key', 'One key', ['show', 'acme-prod', ''], 'sk-…'),
    ofKey(
      'key-edited',
      'What a key may do was changed',
      ['edit', 'acme-prod', 'models=gpt-4o-mini tags=ci'],
      'is changed, from its next call on',
    ),
    ofKey(
      'key-end',
      'When it ends, too',
      ['expire', 'acme-prod', 'expires=90d'],
      'is changed, from its next call on',
    ),
    ofKey('key-blocked', 'A key is blocked', ['block', 'acme-dev', ''], 'is blocked'),
    ofKey('key-unblocked', 'And works again', ['unblock', 'acme-dev', ''], 'works, from'),
    ofKey(
      'key-revoke',
      'What ends it for ever is asked first',
      ['revoke', 'acme-dev', ''],
      'Revoke',
    ),
    answer(
      'key-link',
      'A new key, behind a link',
      '/team key new acme-prod name="CI server" expires=30d',
      'has another key',
    ),
    answer(
      'key-for-client',
      'The same, in a message to be sent on',
      '/team key new acme-prod name="Web shop" for=client',
      'Ready to be sent',
    ),
    {
      name: 'reveal-page',
      says: 'The page behind the link asks for a click',
      take: async ({ desk, page }) => page('reveal-page', await linkOf(desk)),
    },
    {
      name: 'reveal-opened',
      says: 'A second visit',
      async take({ desk, page }) {
        const link = await linkOf(desk);
        await fetch(link, { method: 'POST' });
        await page('reveal-opened', link);
      },
    },
    {
      name: 'reveal-revealed',
      says: 'The key itself, once',
      take: async ({ desk, page }, name) => page(name, await linkOf(desk), 'Reveal the key'),
    },
    {
      name: 'key-revealed',
      says: 'Who made a link is told that it was opened',
      shows: ['post key.revealed'],
      async take({ desk, message }, name) {
        await fetch(await linkOf(desk), { method: 'POST' });
        await message(name, await desk.news('was revealed'));
      },
    },
    {
      name: 'reveal-passphrase',
      says: 'Where a passphrase was agreed upon, the page asks for it',
      async take({ desk, guarded, page }, name) {
        const { pathname } = new URL(await linkOf(desk));
        await page(name, `${guarded}${pathname}`);
      },
    },
    ofKey(
      'key-rotated',
      'A key gets a new secret, and the old one a last while',
      ['rotate', 'acme-prod', 'grace=2h'],
      'has a new secret',
    ),
  ],
];

async function linkOf(desk: Studio['desk']): Promise<string> {
  desk.begin();
  await desk.type('/team key new acme-prod name=Link');
  const said = textOf(await desk.told('has another key'));
  return /http:[^"\\]*\/reveal\/[\w-]+/.exec(said)?.[0] ?? '';
}
