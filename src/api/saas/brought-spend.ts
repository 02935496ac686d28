// What was spent in the system that somebody came from.

import { z } from 'zod';
import { subjectFrom, subjectText } from '../../core/ceilings/subject.ts';
import type { Subject } from '../../core/ceilings/subject.ts';
import { findBroughtKey } from '../../core/keys/brought-key.ts';
import { parseUsdAmount, usdToNumber } from '../../core/money.ts';
import { isRefusal, refuse } from '../../core/refusals.ts';
import type { Refusal } from '../../core/refusals.ts';
import type { Stores } from '../../core/stores.ts';
import { bringSpend, findBroughtSpend } from '../../core/usage/brought-spend.ts';
import type { BroughtSpend } from '../../core/usage/brought-spend.ts';
import { endpoint } from '../endpoint.ts';
import { NO_QUERY, NOTHING } from '../shape.ts';
import type { Told } from '../told.ts';
import { BROUGHT_SPEND } from './answers/operations.ts';

/** As lists of limits name them; keys by their SHA-256, too. A name of 254 characters may be 9 times as long there. */
const SUBJECT = z.string().max(2_500);

export const findBroughtSpendEndpoint = endpoint({
  isOwn: true,
  summary: 'What somebody had spent in the system that they were brought from',
  action: 'system.read',
  target: 'nothing',
  body: NOTHING,
  query: z.strictObject({ subject: SUBJECT }),
  refusals: ['team_unknown'],
  answer: BROUGHT_SPEND,
  async handle({ stores, query }) {
    const whom = await whomIn(stores, query.subject);
    if (isRefusal(whom)) {
      return whom;
    }
    const found = await findBroughtSpend(stores, whom);
    return isRefusal(found) ? found : view(whom, found);
  },
});

export const bringSpendEndpoint = endpoint({
  isOwn: true,
  summary:
    'Say what somebody had spent in the system that they were brought from: shown with what they spend here, counted in their main budget by its difference to what was said before, never charged',
  action: 'system.change',
  target: 'nothing',
  body: z.strictObject({ subject: SUBJECT, spent_usd: z.union([z.number(), z.string()]) }),
  query: NO_QUERY,
  refusals: ['team_unknown'],
  answer: BROUGHT_SPEND,
  async handle({ stores, actor, body }) {
    const whom = await whomIn(stores, body.subject);
    if (isRefusal(whom)) {
      return whom;
    }
    const amount = parseUsdAmount(body.spent_usd);
    if (typeof amount !== 'bigint') {
      return refuse('value_invalid', { field: 'spent_usd', complaint: amount.reason });
    }
    const brought = await bringSpend(stores, actor, whom, amount);
    return isRefusal(brought) ? brought : view(whom, brought);
  },
});

function view(whom: Subject, spend: BroughtSpend | undefined): Told<typeof BROUGHT_SPEND> {
  return {
    subject: subjectText(whom),
    spent_usd: usdToNumber(spend?.nanoUsd ?? 0n),
    brought_at: spend?.broughtAt.toISOString() ?? null,
  };
}

const KEY = 'key:';

async function whomIn(stores: Stores, text: string): Promise<Subject | Refusal> {
  const key = text.startsWith(KEY)
    ? await findBroughtKey(stores, text.slice(KEY.length))
    : undefined;
  const whom = key === undefined ? subjectFrom(text) : ({ kind: 'key', keyId: key.id } as const);
  const complaint =
    'it must be organization:id, team:id, key:id, user:organization/id, member:team/user or end_user:organization/id';
  return whom ?? refuse('value_invalid', { field: 'subject', complaint });
}
