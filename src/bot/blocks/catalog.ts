import type { KnownBlock } from '@slack/types';
import type { AccessGroup } from '../../core/models/access-group.ts';
import { code, joined, mrkdwn, shortened } from '../escape.ts';
import type { Mrkdwn } from '../escape.ts';
import { context, firstOf, header, section, speech } from './kit.ts';
import type { Speech } from './kit.ts';

/** A message holds 50 blocks. */
const GROUPS_SHOWN = 40;
const MODELS_SHOWN = 30;
const NAME_SHOWN = 60;

/** What is served: groups with their models, and models that are in none. */
export function catalogSpeech(
  groups: readonly AccessGroup[],
  aliases: readonly string[],
  search: string | undefined,
): Speech {
  const fits = (name: string): boolean =>
    search === undefined || name.toLowerCase().includes(search.toLowerCase());
  const fitting = groups.filter(
    (group) => fits(group.name) || fits(group.displayName) || group.aliases.some(fits),
  );
  const grouped = new Set(groups.flatMap((group) => group.aliases));
  const single = aliases.filter((alias) => !grouped.has(alias) && fits(alias));
  const { shown, more } = firstOf(fitting, GROUPS_SHOWN);
  const title = search === undefined ? 'Models' : `Models like “${shortened(search, NAME_SHOWN)}”`;
  const blocks: KnownBlock[] = [
    header(title),
    ...shown.map((group) =>
      section(mrkdwn`*${group.displayName}*  ${code(group.name)}\n${modelNames(group.aliases)}`),
    ),
    ...(more === undefined ? [] : [context(mrkdwn`${more} groups`)]),
    ...(single.length === 0 ? [] : [section(mrkdwn`*In no group*\n${modelNames(single)}`)]),
    ...(shown.length === 0 && single.length === 0 ? [section(mrkdwn`None.`)] : []),
    context(mrkdwn`A team gets them with ${code('/team models acme-prod add=…')}.`),
  ];
  return speech(mrkdwn`${title}: ${fitting.length} groups, ${aliases.length} models`, blocks);
}

function modelNames(names: readonly string[]): Mrkdwn {
  const { shown, more } = firstOf(names, MODELS_SHOWN);
  const listed = shown.map((name) => code(shortened(name, NAME_SHOWN)));
  return names.length === 0
    ? mrkdwn`none`
    : joined(more === undefined ? listed : [...listed, mrkdwn`_${more}_`], ' ');
}
