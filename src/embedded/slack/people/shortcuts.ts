import { wireMessage } from '../messages.ts';
import type { Office } from '../office.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { channelHead, envelope, head, personOf } from './payloads.ts';
import { placeOf } from './places.ts';

/** A person chooses what an app put into Slack's own menus: anywhere, or on a message. */

export type ShortcutGiven = {
  user: string;
  callbackId: string;
  /** Of one on a message: which. */
  messageStamp?: string | undefined;
};

/** Resolves when the app has acknowledged, or 3 s are over. Throws if the app has no such shortcut. */
export async function chooseShortcut(office: Office, given: ShortcutGiven): Promise<Outcome> {
  const person = personOf(office, given.user);
  const type = given.messageStamp === undefined ? 'global' : 'message';
  const known = office.settings.shortcuts.filter((one) => one.type === type);
  if (!known.some((one) => one.callbackId === given.callbackId)) {
    const names = known.map((one) => one.callbackId).join(', ') || 'none';
    throw new Error(`Cannot choose ${given.callbackId}: of the ${type} ones there is ${names}`);
  }
  const payload = {
    type: type === 'global' ? 'shortcut' : 'message_action',
    ...head(office, person),
    callback_id: given.callbackId,
    trigger_id: office.passes.issueTrigger(person.id),
    action_ts: office.nextStamp(),
    ...(given.messageStamp === undefined ? {} : onMessage(office, given.user, given.messageStamp)),
  };
  const receipt = await office.delivery.deliver(envelope('interactive', payload, false));
  return outcomeOf(
    receipt,
    () => `${office.settings.bot.userId} did not answer in time. Try again?`,
  );
}

function onMessage(office: Office, userId: string, stamp: string): Record<string, unknown> {
  const place = placeOf(office, userId, { messageStamp: stamp });
  if (place.kind !== 'message' || place.message.ephemeralFor !== undefined) {
    throw new Error(`Cannot choose a shortcut on ${stamp}: messages for one person have none`);
  }
  const { message } = place;
  const channel = office.channels.get(message.channel);
  const pass = { channel: message.channel, userId, messageTs: message.ts };
  const responseId = office.passes.issueResponsePass(pass);
  return {
    message_ts: message.ts,
    message: wireMessage(office, message),
    response_url: `${office.url}/actions/${office.settings.team.id}/${responseId}`,
    ...(channel && { channel: channelHead(channel) }),
  };
}
