import { interactiveElements } from '../blocks/check.ts';
import { blocksOf } from '../messages.ts';
import type { Block, Element, Message, View } from '../model.ts';
import type { Office } from '../office.ts';
import { findView, stackOf, wireView } from '../views.ts';
import { channelHead } from './payloads.ts';
import { visibleMessages } from './shown.ts';

/** Where a person acts: on a message, in a modal, or on the home tab. */
export type Place =
  | { kind: 'message'; message: Message; blocks: Block[] }
  | { kind: 'view'; view: View; blocks: Block[] };

export type Where = {
  messageStamp?: string | undefined;
  message?: { stamp: string } | undefined;
  viewId?: string | undefined;
};

/** Finds what the person acts on; what they can't see they can't act on. Throws if it isn't there. */
export function placeOf(office: Office, userId: string, where: Where): Place {
  const stamp = where.messageStamp ?? where.message?.stamp;
  if (stamp !== undefined) {
    const message = [...office.channels.keys()]
      .flatMap((channel) => visibleMessages(office, channel, userId))
      .find((one) => one.ts === stamp);
    if (!message) {
      throw new Error(`Cannot act on message ${stamp}: ${userId} sees no such message`);
    }
    return { kind: 'message', message, blocks: blocksOf(message) };
  }
  const view =
    where.viewId === undefined
      ? (stackOf(office, userId).at(-1) ?? office.homes.get(userId))
      : findView(office, where.viewId);
  if (view?.userId !== userId) {
    throw new Error(`Cannot act in view ${where.viewId ?? ''}: ${userId} has no such view open`);
  }
  return { kind: 'view', view, blocks: view.blocks };
}

export type Which = {
  actionId: string;
  blockId?: string | undefined;
  value?: unknown;
};

/** The element meant. Throws with what is there if it isn't, or if it can't be told which. */
export function elementOf(place: Place, which: Which): { block: Block; element: Element } {
  const all = interactiveElements(place.blocks);
  const named = all.filter(
    ({ block, element }) =>
      element.action_id === which.actionId &&
      (which.blockId === undefined || which.blockId === block.block_id),
  );
  const byValue = named.filter(({ element }) => element['value'] === which.value);
  const [found] = named.length > 1 && byValue.length > 0 ? byValue : named;
  if (!found) {
    const names = all.map(({ element }) => element.action_id).join(', ');
    throw new Error(`Cannot act on ${which.actionId}: there is ${names || 'nothing to act on'}`);
  }
  return found;
}

/** The part of a payload that says where it happened. */
export function container(office: Office, place: Place): Record<string, unknown> {
  if (place.kind === 'view') {
    return {
      container: { type: 'view', view_id: place.view.id },
      view: wireView(office, place.view),
    };
  }
  const { message } = place;
  const channel = office.channels.get(message.channel);
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: message.ephemeralFor !== undefined,
      ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    },
    ...(channel && { channel: channelHead(channel) }),
  };
}
