// What account managers do with a team's keys. No key passes through Slack: a new one stands behind a link.

import { isRepeated } from '../core/change.ts';
import { ROTATION_GRACE_MS, rotateKey, setKeyStatus } from '../core/keys/change-key.ts';
import { createKey } from '../core/keys/create-key.ts';
import { makeLinkedKey } from '../core/keys/linked-key.ts';
import type { LinkedKey } from '../core/keys/linked-key.ts';
import { CLIENT } from '../core/keys/reveal-link.ts';
import { expireKey, updateKey } from '../core/keys/update-key.ts';
import type { KeyStatus, VirtualKey } from '../core/keys/virtual-key.ts';
import { firstCallOf } from '../core/models/first-call.ts';
import { once } from '../core/once.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Stores } from '../core/stores.ts';
import type { Team } from '../core/teams/team.ts';
import { endingQuestion } from './blocks/key-ending.ts';
import type { KeyEnd } from './blocks/key-ending.ts';
import {
  KEYS_SHOWN,
  keyListSpeech,
  keyPageSpeech,
  keyStatusSpeech,
  newKeySpeech,
} from './blocks/key.ts';
import type { Replaced } from './blocks/key.ts';
import { keyCard } from './blocks/key-card.ts';
import type { Call } from './call.ts';
import { endFrom } from './ends.ts';
import { keysMeant, keyTermsFrom } from './key-words.ts';
import type { KeyTermWords } from './key-words.ts';
import { pageOf, tellPage } from './paging.ts';
import { refusalSpeech, unknownOwnerSpeech } from './replies.ts';
import { teamMeant } from './unknown-team.ts';

export interface KeyWords extends KeyTermWords {
  /** The last characters of a key, or its id, or its name. */
  readonly key?: string;
  readonly owner?: string;
  readonly 'new-owner'?: string;
  readonly grace?: string;
  /** `client`: the link is to be sent on. */
  readonly for?: string;
  /** Pressing the button of the question is the answer. */
  readonly sure?: boolean;
}

/** Whose keys, which words, and how the command reads for another team. */
interface KeyWish {
  readonly team: Team;
  readonly words: KeyWords;
}

type KeyAction = (call: Call, wish: KeyWish) => Promise<void>;

/** Of a key, the latest. */
const DEEDS_SHOWN = 6;

/** What `/team key` can do, by its word. */
const KEY_ACTIONS = {
  list: async (call, { team }) => {
    const keys = await call.bot.stores.records.keys.ofTeam(team.id);
    const page = pageOf(call, keys, { size: KEYS_SHOWN, placeOf: ({ id }) => id });
    await tellPage(call, keyPageSpeech(team.id, page));
  },
  show: async (call, wish) => withKey(call, wish, async (key) => showKey(call, key)),
  new: newKey,
  edit: async (call, wish) => withKey(call, wish, async (key) => edit(call, wish, key)),
  rotate: async (call, wish) => withKey(call, wish, async (key) => rotate(call, wish, key)),
  expire: async (call, wish) => withKey(call, wish, async (key) => expire(call, wish, key)),
  revoke: async (call, wish) =>
    withKey(call, wish, async (key) =>
      ending(call, wish, { action: 'revoke', key }, async () => setStatus(call, key, 'revoked')),
    ),
  block: async (call, wish) => withKey(call, wish, async (key) => setStatus(call, key, 'blocked')),
  unblock: async (call, wish) => withKey(call, wish, async (key) => setStatus(call, key, 'active')),
} satisfies Readonly<Record<string, KeyAction>>;

export type KeyActionName = keyof typeof KEY_ACTIONS;

/** Does one of the actions above for a team, if there is one. */
export async function runKeyAction(
  call: Call,
  action: KeyActionName,
  { team: teamId, ...words }: KeyWords & { readonly team?: string },
): Promise<void> {
  const team = await teamMeant(call, teamId);
  if (team !== undefined) {
    await KEY_ACTIONS[action](call, { team, words });
  }
}

async function showKey(call: Call, key: VirtualKey): Promise<void> {
  const wish = { keyId: key.id, limit: DEEDS_SHOWN };
  const deeds = await call.bot.stores.records.audit.search(wish);
  await call.reply(keyCard(key, { deeds }));
}

async function newKey(call: Call, { team, words }: KeyWish): Promise<void> {
  const { stores } = call.bot;
  const isDoubled = words.owner !== undefined && words['new-owner'] !== undefined;
  const complaint = 'an owner is named, too; name the one or the other';
  const terms = isDoubled
    ? refuse('value_invalid', { field: 'new-owner', complaint })
    : await keyTermsFrom(stores, team.organizationId, words);
  if (isRefusal(terms)) {
    await call.reply(refusalSpeech(terms));
    return;
  }
  const userId = words['new-owner'] ?? words.owner;
  const wish = {
    name: 'unnamed',
    expiresAt: null,
    ...terms,
    teamId: team.id,
    userId,
    createUser: words['new-owner'] !== undefined,
  };
  const created = await makeLinkedKey(
    stores,
    call.actor,
    `slack:${call.onceId}`,
    async (inside) => createKey(inside, call.actor, wish),
    openerOf(words, userId),
  );
  if (isRepeated(created)) {
    return;
  }
  const isOwnerUnknown =
    isRefusal(created) &&
    (created.refused === 'user_unknown' || created.refused === 'member_unknown');
  await (isOwnerUnknown
    ? call.reply(unknownOwnerSpeech(created, call.text, call.onceId))
    : tellNewKey(call, created, { words, replaced: undefined }));
}

async function edit(call: Call, { team, words }: KeyWish, key: VirtualKey): Promise<void> {
  const { stores } = call.bot;
  const terms = await keyTermsFrom(stores, team.organizationId, words);
  if (isRefusal(terms)) {
    await call.reply(refusalSpeech(terms));
    return;
  }
  if (words.owner !== undefined || Object.keys(terms).length === 0) {
    const [field, complaint] =
      words.owner === undefined
        ? ['name', 'nothing to change was named']
        : ['owner', 'the owner of a key is fixed, make a new key'];
    await call.reply(refusalSpeech(refuse('value_invalid', { field, complaint })));
    return;
  }
  await tellChanged(call, async (inside) => updateKey(inside, call.actor, key.id, terms));
}

/** Now, or when it is said. */
async function expire(call: Call, { team, words }: KeyWish, key: VirtualKey): Promise<void> {
  const { expires } = words;
  await (expires === undefined
    ? ending(call, { words }, { action: 'expire', key }, async () =>
        tellChanged(call, async (inside) => expireKey(inside, call.actor, key.id)),
      )
    : edit(call, { team, words: { expires } }, key));
}

/** Asks first where clients stop working. */
async function ending(
  call: Call,
  { words }: Pick<KeyWish, 'words'>,
  end: KeyEnd,
  work: () => Promise<void>,
): Promise<void> {
  await (words.sure === true ? work() : call.reply(endingQuestion(end, words, call.onceId)));
}

async function tellChanged(
  call: Call,
  work: (stores: Call['bot']['stores']) => Promise<VirtualKey | Refusal>,
): Promise<void> {
  const changed = await once(call.bot.stores, `slack:${call.onceId}`, work);
  if (!isRepeated(changed)) {
    await call.reply(
      isRefusal(changed) ? refusalSpeech(changed) : keyCard(changed, { news: 'changed' }),
    );
  }
}

async function rotate(call: Call, { team, words }: KeyWish, key: VirtualKey): Promise<void> {
  const { stores } = call.bot;
  const graceMs = await graceFrom(call, team, words.grace);
  if (isRefusal(graceMs)) {
    await call.reply(refusalSpeech(graceMs));
    return;
  }
  const { expires } = words;
  const named = expires === undefined ? {} : { expires };
  const end = await keyTermsFrom(stores, team.organizationId, named);
  if (isRefusal(end)) {
    await call.reply(refusalSpeech(end));
    return;
  }
  if (graceMs === 0 && words.sure !== true) {
    await call.reply(endingQuestion({ action: 'rotate', key }, words, call.onceId));
    return;
  }
  const wish = { keyId: key.id, graceMs, ...end };
  const rotated = await makeLinkedKey(
    stores,
    call.actor,
    `slack:${call.onceId}`,
    async (inside) => rotateKey(inside, call.actor, wish),
    openerOf(words, key.userId),
  );
  if (!isRepeated(rotated)) {
    const until = new Date(call.bot.stores.clock() + graceMs);
    const replaced = { key, until: graceMs === 0 ? null : until };
    await tellNewKey(call, rotated, { words, replaced });
  }
}

async function graceFrom(
  call: Call,
  team: Team,
  grace: string | undefined,
): Promise<number | Refusal> {
  if (grace === undefined) {
    return ROTATION_GRACE_MS;
  }
  if (/^(0|0[smhd]|none|now|off)$/i.test(grace)) {
    return 0;
  }
  const end = await endFrom(call.bot.stores, team.organizationId, grace, 'grace');
  if (isRefusal(end)) {
    return end;
  }
  return (end.at?.getTime() ?? Infinity) - call.bot.stores.clock();
}

/** Who is to open the link, where that is not the person who asks. */
function openerOf(words: KeyWords, userId: string | null | undefined): string | undefined {
  if (words.for !== 'client') {
    return undefined;
  }
  return userId === null || userId === undefined ? CLIENT : `user:${userId}`;
}

async function tellNewKey(
  call: Call,
  created: LinkedKey | Refusal,
  { words, replaced }: { readonly words: KeyWords; readonly replaced: Replaced | undefined },
): Promise<void> {
  if (isRefusal(created)) {
    await call.reply(refusalSpeech(created));
    return;
  }
  const { publicUrl, log } = call.bot;
  const { key: made, linkSecret } = created;
  // The link is told whatever fails now: nobody will know it again.
  const client =
    words.for === 'client'
      ? await clientOf(call, made).catch((error: unknown) => {
          log.warn({ err: error }, 'A new key is told without the message for the client');
          return undefined;
        })
      : undefined;
  const revealUrl = `${publicUrl}/reveal/${linkSecret}`;
  await call.reply(newKeySpeech({ teamId: made.teamId, revealUrl, replaced, made, client }));
}

/** What a client is told of a new key beside the link to it. */
async function clientOf({ bot: { stores, publicUrl } }: Call, key: VirtualKey) {
  const models = await namesFor(stores, key);
  const firstCall = await firstCallOf(stores.records.accessGroups, models);
  return { models, firstCall, publicUrl };
}

/** What a client may call with a key: names, and beginnings with `*`. */
async function namesFor({ records }: Stores, key: VirtualKey): Promise<readonly string[]> {
  const team = await records.teams.find(key.teamId);
  const given =
    key.models.length > 0 ? key.models : [...(team?.accessGroups ?? []), ...(team?.models ?? [])];
  const groups = await records.accessGroups.list();
  return given.flatMap((name) => groups.find((group) => group.name === name)?.aliases ?? [name]);
}

async function setStatus(call: Call, key: VirtualKey, status: KeyStatus): Promise<void> {
  const wish = { keyId: key.id, status };
  const set = await once(call.bot.stores, `slack:${call.onceId}`, async (inside) =>
    setKeyStatus(inside, call.actor, wish),
  );
  if (!isRepeated(set)) {
    await call.reply(isRefusal(set) ? refusalSpeech(set) : keyStatusSpeech(set.key, set.changed));
  }
}

/** Finds the one key that is meant; says which there are where none or several fit. */
async function withKey(
  call: Call,
  { team, words: { key: meant } }: KeyWish,
  work: (key: VirtualKey) => Promise<void>,
): Promise<void> {
  const keys = await call.bot.stores.records.keys.ofTeam(team.id);
  const fitting = keysMeant(keys, meant);
  const [only] = fitting;
  await (only !== undefined && fitting.length === 1
    ? work(only)
    : call.reply(keyListSpeech(team.id, keys, meant ?? '')));
}
