// A new secret for a key.

import { z } from 'zod';
import { isRepeated } from '../../core/change.ts';
import type { Repeated } from '../../core/change.ts';
import type { KeyCreated } from '../../core/keys/create-key.ts';
import { rotateKey, ROTATION_GRACE_MAX_MS } from '../../core/keys/change-key.ts';
import type { VirtualKey } from '../../core/keys/virtual-key.ts';
import type { Caller } from '../../core/permission/caller.ts';
import { complaintAboutAction } from '../../core/permission/permissions.ts';
import { isRefusal } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import { together } from '../../core/together.ts';
import { isAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { endpoint } from '../endpoint.ts';
import { KEPT_OF_KEY } from './kept-only.ts';
import { wrapped } from './errors.ts';
import { findKey, ofKeys } from './find-key.ts';
import { endOf, KEY_FIELDS } from './key-fields.ts';
import type { KeyFields } from './key-fields.ts';
import { keyView } from './key-view.ts';
import { masked } from './keys.ts';
import { changeKey, complaintAboutBounds } from './update-key.ts';
import { KEY_MADE } from './answers/rows.ts';

const RENEW = z
  .strictObject({
    key: z.string().nullish(),
    grace_period: z.string().nullish(),
    ...KEY_FIELDS,
  })
  .nullish()
  .transform((body) => body ?? {});

/** Which key may stand in the query, too. */
const QUERY = z.strictObject({ key: z.string().optional() });

interface Renewal extends KeyFields {
  readonly key?: string | null | undefined;
  readonly grace_period?: string | null | undefined;
}

export const keyRegenerateEndpoint = endpoint({
  summary: 'Give a key a new secret; its limits, spend and name stay',
  action: 'key.rotate',
  target: ofKeys<Renewal, z.output<typeof QUERY>>(({ params, query, body }) => [
    params['key'] ?? query.key ?? body.key ?? '',
  ]),
  body: RENEW,
  keptOnly: KEPT_OF_KEY,
  query: QUERY,
  answer: KEY_MADE,
  async handle({ stores, actor, caller, body, query, params }) {
    const given: Renewal = body;
    const text = params['key'] ?? query.key ?? given.key;
    if (!text) {
      return wrapped(400, { error: 'No key passed in.' });
    }
    const key = await findKey(stores, text);
    if (key === undefined) {
      return wrapped(404, { error: `Key ${masked(text)} not found.` });
    }
    const graceMs = graceOf(given.grace_period);
    if (graceMs === undefined) {
      return wrapped(400, `Invalid duration format: ${given.grace_period}`);
    }
    const { key: _key, grace_period: _grace, ...change } = given;
    const isChange = Object.values(change).some((value) => value !== undefined);
    const no = isChange ? complaintAboutChange(caller, key, change) : undefined;
    const rotated =
      no ??
      (await together<KeyCreated | Repeated | Answer>(stores, async (inside) => {
        const changed = isChange ? await changeKey(inside, actor, key, change) : key;
        return isRefusal(changed) || isAnswer(changed)
          ? changed
          : rotateKey(inside, actor, { keyId: key.id, graceMs });
      }));
    if (isRefusal(rotated) || isAnswer(rotated)) {
      return rotated;
    }
    if (isRepeated(rotated)) {
      throw new Error('Renewing a key: told of a repetition, but no key for repetitions was given');
    }
    // It was there a moment ago, and keys are never deleted.
    const now = (await stores.records.keys.find(key.id)) as VirtualKey;
    return { ...(await keyView(stores, now)), key: rotated.secretKey };
  },
});

/** Everybody may renew their own key; what it may is for those to change who change keys. */
function complaintAboutChange(
  caller: Caller,
  key: VirtualKey,
  change: KeyFields,
): Refusal | undefined {
  return (
    complaintAboutAction(caller, 'key.change', [{ ...key, keyId: key.id }]) ??
    complaintAboutBounds(caller, key, change)
  );
}

/** How long the old secret works on; at once unless said. */
function graceOf(period: string | null | undefined): number | undefined {
  if (period === null || period === undefined || period === '') {
    return 0;
  }
  const end = endOf(period, 0);
  return end instanceof Date && end.getTime() <= ROTATION_GRACE_MAX_MS ? end.getTime() : undefined;
}
