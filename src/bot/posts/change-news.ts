import type { ChangeNews } from '../../core/posts/change-news.ts';
import type { Post } from '../../core/posts/post.ts';
import type { Stores } from '../../core/stores.ts';
import { changeNewsSpeech } from '../blocks/change-news.ts';
import type { NewsReading } from '../blocks/change-news.ts';
import type { Speech } from '../blocks/kit.ts';
import { groupsOf, moneyOf } from '../readings.ts';

/** What happened, with the balance of now where credits moved. */
export async function changeNewsPost(
  stores: Stores,
  posts: readonly Post<'change.news'>[],
): Promise<Speech | undefined> {
  const news = tellable(posts.map((post) => post.facts));
  return changeNewsSpeech(news, await readingOf(stores, news));
}

/** The key that a team is made with is a part of it. */
function tellable(news: readonly ChangeNews[]): readonly ChangeNews[] {
  const isNew = news.some(({ action }) => action === 'team.created');
  const firstKey = news.find(({ action }) => action === 'key.created');
  return isNew ? news.filter((one) => one !== firstKey) : news;
}

/** All of these are of one team, or of one organization. */
async function readingOf(stores: Stores, news: readonly ChangeNews[]): Promise<NewsReading> {
  const { records } = stores;
  const teamId = news[0]?.teamId ?? null;
  const team = teamId === null ? undefined : await records.teams.find(teamId);
  const keyIds = new Set(
    news.flatMap(({ target }) => (target.startsWith('key:') ? [target.slice('key:'.length)] : [])),
  );
  const keys = teamId === null || keyIds.size === 0 ? [] : await records.keys.ofTeam(teamId);
  return {
    team,
    money: team && (await moneyOf(stores, team)),
    groups: team === undefined ? [] : await groupsOf(stores, team.accessGroups),
    keys: new Map(keys.filter((key) => keyIds.has(key.id)).map((key) => [key.id, key])),
  };
}
