// A proposal is one message in each place where it stands, kept current in place. What is shown is made of the
// records alone, so that it does not matter who decided, where, or how often this runs. Two who tell at the same
// time wait for each other. A process may die between posting and remembering: such a message is looked for by
// what its metadata says.

import type { WebClient } from '@slack/web-api';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Proposal, ProposalPost } from '../../core/approvals/proposal.ts';
import type { Stores } from '../../core/stores.ts';
import { sentence } from '../blocks/kit.ts';
import type { Speech } from '../blocks/kit.ts';
import { proposalCard } from '../blocks/proposal-card.ts';
import { callOut, titleOf } from '../blocks/proposal-words.ts';
import { until } from '../blocks/words.ts';
import { joined, mrkdwn } from '../escape.ts';
import type { RoleBook } from '../roles.ts';
import { placesOf } from './places.ts';
import type { Place } from './places.ts';
import { readProposal } from './reading.ts';

/** What telling works with; a Bot has it all. */
export interface ProposalTeller {
  readonly client: WebClient;
  readonly stores: Stores;
  readonly roles: RoleBook;
  readonly log: Logger;
}

const EVENT_TYPE = 'quartermaster_proposal';
/** Slack gives at most so many at once; what was just posted is among the newest. */
const HISTORY_LIMIT = 100;

/**
 * Posts a proposal where it is to stand, or brings its messages up to date. May be called any number of times.
 * Throws what Slack or the records throw: the caller tries again.
 */
export async function announceProposal(teller: ProposalTeller, proposalId: string): Promise<void> {
  const { records } = teller.stores;
  await records.change(async (inside) => {
    await inside.approvals.lockTelling(proposalId);
    const proposal = await records.approvals.find(proposalId);
    if (proposal !== undefined) {
      await tellEverywhere(teller, proposal);
    }
    return undefined;
  });
}

async function tellEverywhere(teller: ProposalTeller, proposal: Proposal): Promise<void> {
  const { stores, roles } = teller;
  const reading = await readProposal(stores, proposal);
  const card = proposalCard(reading);
  const posts = await stores.records.approvals.posts(proposal.id);
  const places = await placesOf(stores, roles, proposal);
  const standing = new Set(posts.map(({ channelId }) => channelId));
  const failures: unknown[] = [];
  for (const each of posts) {
    await update(teller, each, card).catch((error: unknown) => failures.push(error));
  }
  for (const place of places.filter(({ id }) => posts.every((known) => known.place !== id))) {
    if (!standing.has(place.id)) {
      await post(teller, proposal, place, card).catch((error: unknown) => failures.push(error));
    }
  }
  await remind(teller, proposal, places).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) {
    throw failures[0];
  }
}

async function update(
  { client, log }: ProposalTeller,
  { channelId, stamp }: ProposalPost,
  card: Speech,
): Promise<void> {
  try {
    await client.chat.update({ channel: channelId, ts: stamp, ...card });
  } catch (error) {
    if (!isOutOfReach(error)) {
      throw error;
    }
    log.info({ err: error, channelId }, 'A message of a proposal is gone');
  }
}

async function post(
  teller: ProposalTeller,
  proposal: Proposal,
  place: Place,
  card: Speech,
): Promise<void> {
  const { client, log, stores } = teller;
  const metadata = { event_type: EVENT_TYPE, event_payload: { proposal: proposal.id } };
  try {
    const known = await findPosted(teller, proposal, place.id);
    const said =
      known ??
      (await joining(teller, place.id, async () =>
        client.chat.postMessage({ channel: place.id, ...card, metadata, unfurl_links: false }),
      ));
    await stores.records.approvals.savePost(proposal.id, {
      place: place.id,
      channelId: said.channel ?? place.id,
      stamp: said.ts ?? '',
      reminderStamp: null,
    });
  } catch (error) {
    if (!isOutOfReach(error)) {
      throw error;
    }
    log.warn(
      { err: error, place: place.id, proposal: proposal.id },
      'A proposal found no way there',
    );
  }
}

/** Posts; if the bot is not in the channel, joins it and tries once more. */
async function joining<Answer>(
  { client }: ProposalTeller,
  channel: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'not_in_channel') {
      throw error;
    }
    await client.conversations.join({ channel });
    return work();
  }
}

/** Posted by a process that died before it could remember so. */
async function findPosted(
  { client }: ProposalTeller,
  { id, createdAt }: Proposal,
  channel: string,
): Promise<{ channel: string; ts: string } | undefined> {
  if (!/^[CG][A-Z0-9]+$/.test(channel)) {
    return undefined;
  }
  const { messages = [] } = await client.conversations.history({
    channel,
    oldest: String(Math.floor(createdAt.getTime() / 1000)),
    include_all_metadata: true,
    limit: HISTORY_LIMIT,
  });
  const found = messages.find(({ metadata }) => {
    const payload: { readonly proposal?: unknown } = metadata?.event_payload ?? {};
    return metadata?.event_type === EVENT_TYPE && payload.proposal === id;
  });
  return found?.ts === undefined ? undefined : { channel, ts: found.ts };
}

/** Once, in the thread, where those look who decide. */
async function remind(
  { client, stores, roles }: ProposalTeller,
  proposal: Proposal,
  places: readonly Place[],
): Promise<void> {
  if (proposal.status !== 'pending' || proposal.remindedAt === null) {
    return;
  }
  const { approvals } = stores.records;
  const waiting = (await approvals.posts(proposal.id)).filter(
    ({ place, reminderStamp }) =>
      reminderStamp === null &&
      places.some(({ id, isForApprovers }) => id === place && isForApprovers),
  );
  const holders = roles.within([proposal.organizationId]).holders(proposal.approvers);
  const called = joined((await holders).map(callOut), ' ');
  const end = until(proposal.expiresAt, stores.clock());
  const said = mrkdwn`⏰ ${called} This still waits for a decision, and expires ${end}: *${titleOf(proposal.action)}*`;
  for (const each of waiting) {
    const message = { channel: each.channelId, thread_ts: each.stamp, ...sentence(said) };
    const { ts } = await client.chat.postMessage(message);
    await approvals.savePost(proposal.id, { ...each, reminderStamp: ts ?? '' });
  }
}

/** Slack's words for what the bot can't reach, whatever it does. */
const OUT_OF_REACH = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'message_not_found',
  'cant_update_message',
  'user_not_found',
  'user_disabled',
  'cannot_dm_bot',
  'method_not_supported_for_channel_type',
]);

function isOutOfReach(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && OUT_OF_REACH.has(error.data.error);
}
