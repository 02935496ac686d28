// What account managers do with a team's keys. No key passes through Slack: a new one stands behind a link.

import { createKey } from '../core/keys/create-key.ts';
import type { KeyCreated } from '../core/keys/create-key.ts';
import { rotateKey, setKeyStatus } from '../core/keys/change-key.ts';
import { makeRevealLink } from '../core/keys/reveal.ts';
import type { KeyStatus, VirtualKey } from '../core/keys/virtual-key.ts';
import { isRepeated } from '../core/change.ts';
import { isRefusal, refuse } from '../core/refusals.ts';
import type { Refusal } from '../core/refusals.ts';
import { HOUR_MS } from '../core/time.ts';
import { keyListSpeech, keyStatusSpeech, newKeySpeech } from './blocks/key.ts';
import type { Call } from './call.ts';
import { refusalSpeech } from './replies.ts';

/** Long enough to deploy the new key everywhere during a working day. */
export const ROTATION_GRACE_MS = 24 * HOUR_MS;

export interface KeyWords {
  readonly team: string;
  /** The last characters of a key, or its id, or its name. */
  readonly key: string | undefined;
  readonly name: string | undefined;
}

export type KeyAction = (call: Call, words: KeyWords) => Promise<void>;

/** What `/team key` can do, by its word. */
export const KEY_ACTIONS: Readonly<Record<string, KeyAction>> = {
  list: listKeys,
  new: newKey,
  rotate: async (call, words) => withKey(call, words, async (key) => rotate(call, key)),
  revoke: async (call, words) =>
    withKey(call, words, async (key) => setStatus(call, key, 'revoked')),
  block: async (call, words) =>
    withKey(call, words, async (key) => setStatus(call, key, 'blocked')),
  unblock: async (call, words) =>
    withKey(call, words, async (key) => setStatus(call, key, 'active')),
};

async function listKeys(call: Call, { team }: KeyWords): Promise<void> {
  const { records } = call.bot.stores;
  const found = await records.teams.find(team);
  await call.reply(
    found === undefined
      ? refusalSpeech(refuse('team_unknown', { team }))
      : keyListSpeech(team, await records.keys.ofTeam(team)),
  );
}

async function newKey(call: Call, { team, name }: KeyWords): Promise<void> {
  const wish = { teamId: team, name: name ?? 'unnamed', expiresAt: null };
  const created = await createKey(call.bot.stores, call.actor, wish, `slack:${call.onceId}`);
  if (!isRepeated(created)) {
    await tellNewKey(call, created, undefined);
  }
}

async function rotate(call: Call, key: VirtualKey): Promise<void> {
  const wish = { keyId: key.id, graceMs: ROTATION_GRACE_MS };
  const rotated = await rotateKey(call.bot.stores, call.actor, wish, `slack:${call.onceId}`);
  if (!isRepeated(rotated)) {
    await tellNewKey(call, rotated, key);
  }
}

async function tellNewKey(
  call: Call,
  created: KeyCreated | Refusal,
  replaced: VirtualKey | undefined,
): Promise<void> {
  if (isRefusal(created)) {
    await call.reply(refusalSpeech(created));
    return;
  }
  const secret = await makeRevealLink(call.bot.stores, call.actor, created);
  const revealUrl = `${call.bot.publicUrl}/reveal/${secret}`;
  await call.reply(newKeySpeech(created.teamId, revealUrl, replaced));
}

async function setStatus(call: Call, key: VirtualKey, status: KeyStatus): Promise<void> {
  const set = await setKeyStatus(call.bot.stores, call.actor, { keyId: key.id, status });
  await call.reply(isRefusal(set) ? refusalSpeech(set) : keyStatusSpeech(set.key, set.changed));
}

/** Finds the one key that is meant; says which there are where none or several fit. */
async function withKey(
  call: Call,
  { team, key: meant }: KeyWords,
  work: (key: VirtualKey) => Promise<void>,
): Promise<void> {
  const keys = await call.bot.stores.records.keys.ofTeam(team);
  const fitting = keys.filter(
    (key) =>
      meant !== undefined && [key.id, key.name, key.lastFour].includes(meant.replace(/^sk-…?/, '')),
  );
  const [only] = fitting;
  await (only !== undefined && fitting.length === 1
    ? work(only)
    : call.reply(keyListSpeech(team, keys, meant ?? '')));
}
