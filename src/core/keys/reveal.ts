import type { Actor } from '../audit/audit.ts';
import { randomText } from '../ids.ts';
import { isRefusal, refuse } from '../refusals.ts';
import type { Refusal } from '../refusals.ts';
import type { Stores } from '../stores.ts';
import { linkIdOf, REVEAL_LINK_LIFETIME_MS, seal, unseal } from './reveal-link.ts';
import type { RevealLink } from './reveal-link.ts';

/** Makes a one-time link to a key that was just created; for who made it, if nothing is said. Answers the link's secret. */
export async function makeRevealLink(
  stores: Stores,
  actor: Actor,
  key: { readonly keyId: string; readonly teamId: string; readonly secretKey: string },
  madeFor: RevealLink['madeFor'] = actor.id,
): Promise<string> {
  const secret = randomText();
  await stores.records.links.insert({
    id: linkIdOf(secret),
    keyId: key.keyId,
    teamId: key.teamId,
    sealed: seal(key.secretKey, secret),
    createdBy: actor.id,
    madeFor,
    expiresAt: new Date(stores.clock() + REVEAL_LINK_LIFETIME_MS),
    openedAt: null,
  });
  return secret;
}

/** Says whether a link still has something to reveal, without revealing it. */
export async function peekRevealLink(
  stores: Stores,
  secret: string,
): Promise<Pick<RevealLink, 'keyId' | 'teamId' | 'createdBy' | 'madeFor'> | Refusal> {
  const link = await stores.records.links.find(linkIdOf(secret));
  if (link === undefined) {
    return refuse('link_unknown');
  }
  if (link.openedAt !== null) {
    return refuse('link_opened', { at: link.openedAt.toISOString() });
  }
  return link.expiresAt.getTime() <= stores.clock()
    ? refuse('link_expired', { at: link.expiresAt.toISOString() })
    : {
        keyId: link.keyId,
        teamId: link.teamId,
        createdBy: link.createdBy,
        madeFor: link.madeFor === '' ? link.createdBy : link.madeFor,
      };
}

/** Reveals a key to the first who asks, and to nobody after. Who made the link is told. */
export async function revealKey(
  stores: Stores,
  secret: string,
  /** Whom single sign-on named. */
  person?: string,
): Promise<{ readonly secretKey: string; readonly teamId: string } | Refusal> {
  const peeked = await peekRevealLink(stores, secret);
  if (isRefusal(peeked)) {
    return peeked;
  }
  const at = new Date(stores.clock());
  const sealed = await stores.records.change<Uint8Array>(async (records) => {
    const taken = await records.links.take(linkIdOf(secret), at);
    if (taken === undefined) {
      return refuse('link_opened', { at: at.toISOString() });
    }
    const { keyId, teamId, createdBy, madeFor } = peeked;
    // Without single sign-on, all that is known is for whom the link was.
    const by = person === undefined ? `link:${madeFor}` : `sign-on:${person}`;
    await records.audit.write({
      actor: { id: by, door: 'api' },
      action: 'key.revealed',
      target: `key:${keyId}`,
      after: { linkMadeBy: createdBy, linkMadeFor: madeFor },
    });
    const maker = slackPersonOf(createdBy);
    const key = maker === undefined ? undefined : await records.keys.find(keyId);
    if (maker !== undefined && key !== undefined) {
      const facts = { teamId, keyId, lastFour: key.lastFour, by, atMs: at.getTime() };
      await records.posts.add({ place: maker, kind: 'key.revealed', facts });
    }
    return taken;
  });
  return isRefusal(sealed) ? sealed : { secretKey: unseal(sealed, secret), teamId: peeked.teamId };
}

function slackPersonOf(actorId: string): string | undefined {
  return /^slack:([UW][A-Z0-9]+)$/.exec(actorId)?.[1];
}
