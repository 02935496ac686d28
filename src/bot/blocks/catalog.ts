import type { KnownBlock } from '@slack/types';
import type { AccessGroup } from '../../core/models/access-group.ts';
import type { Catalog } from '../catalog-in-sight.ts';
import { quoted } from '../commands/words.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import type { Page } from '../paging.ts';
import { context, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';
import { pageButtons } from './page-buttons.ts';
import { runButton } from './run-button.ts';

/** With as many models of each, and their longest names, these fit the 13,200 characters of a message. */
export const CATALOG_ROWS_SHOWN = 15;
const MODELS_SHOWN = 10;
const NAME_SHOWN = 50;

/** A group, or a model that is in none. */
export type CatalogRow =
  | { readonly kind: 'group'; readonly group: AccessGroup }
  | { readonly kind: 'model'; readonly alias: string };

/** What of a catalog has this in a name: groups, then models that are in none, each by name. */
export function catalogRows({ groups, aliases }: Catalog, search: string | undefined) {
  const fits = (name: string): boolean =>
    search === undefined || name.toLowerCase().includes(search.toLowerCase());
  const fitting = groups.filter(
    (group) => fits(group.name) || fits(group.displayName) || group.aliases.some(fits),
  );
  const grouped = new Set(groups.flatMap((group) => group.aliases));
  const single = aliases.filter((alias) => !grouped.has(alias) && fits(alias));
  const rows: CatalogRow[] = [
    ...fitting.map((group) => ({ kind: 'group', group }) as const),
    ...single.map((alias) => ({ kind: 'model', alias }) as const),
  ];
  return rows.toSorted((one, other) => (placeInCatalog(one) < placeInCatalog(other) ? -1 : 1));
}

/** Where a row stands: groups come before models. */
export function placeInCatalog(row: CatalogRow): string {
  return row.kind === 'group' ? `group ${row.group.name}` : `model ${row.alias}`;
}

/** What is served: groups with their models, and models that are in none. */
export function catalogSpeech(
  page: Page<CatalogRow>,
  all: { readonly rows: number; readonly search: string | undefined },
): Speech {
  const { search } = all;
  const groups = page.rows.flatMap((row) => (row.kind === 'group' ? [row.group] : []));
  const single = page.rows.flatMap((row) => (row.kind === 'model' ? [row.alias] : []));
  const title = search === undefined ? 'Models' : `Models like “${shortened(search, NAME_SHOWN)}”`;
  const blocks: KnownBlock[] = [
    header(title),
    ...groups.map(groupSection),
    ...(single.length === 0 ? [] : [section(mrkdwn`*In no group*\n${modelNames(single)}`)]),
    ...(page.rows.length === 0 ? [section(mrkdwn`None.`)] : []),
    ...pageButtons(page, 'name'),
    context(mrkdwn`A team gets them with ${code('/team models acme-prod add=…')}.`),
  ];
  const count = all.rows.toLocaleString('en');
  return speech(mrkdwn`${title}: ${count} groups and models in no group`, blocks);
}

/** With all of its models behind a button, where they are more than a glance takes in. */
function groupSection({ name, displayName, aliases }: AccessGroup): KnownBlock {
  const { shown, more } = firstOf(aliases, MODELS_SHOWN);
  const rest = more === undefined ? mrkdwn`` : mrkdwn` _${more}_`;
  const button = more === undefined ? [] : [runButton('Show all', `/models group ${quoted(name)}`)];
  return section(
    mrkdwn`*${shortened(displayName, NAME_SHOWN)}*  ${code(name)}\n${modelNames(shown)}${rest}`,
    ...button,
  );
}

function modelNames(names: readonly string[]): Mrkdwn {
  return names.length === 0
    ? mrkdwn`none`
    : joined(
        names.map((name) => code(shortened(name, NAME_SHOWN))),
        ' ',
      );
}
