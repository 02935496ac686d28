import { botIsIn, directChannel } from '../conversations.ts';
import { changed, post } from '../messages.ts';
import type { Message } from '../model.ts';
import type { Office } from '../office.ts';
import { wireView } from '../views.ts';
import { channelOf } from './commands.ts';
import { escapedMessage } from './escaping.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { eventEnvelope, personOf } from './payloads.ts';
import { shown } from './shown.ts';

/** What happens without a click: somebody writes, somebody opens the app's home. */

export type SayGiven = {
  user: string;
  channel: string;
  text: string;
  threadStamp?: string | undefined;
};

function messageEvent(office: Office, message: Message, isDirect: boolean) {
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    client_msg_id: crypto.randomUUID(),
    text: message.text,
    team: office.settings.team.id,
    channel: message.channel,
    event_ts: message.ts,
    channel_type: isDirect ? 'im' : 'channel',
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
  };
}

function unheard(): string {
  return 'The app did not take the event; it will be sent again.';
}

/** A person writes a message. The app hears of it where it is a member, and when it is named. */
export async function say(office: Office, given: SayGiven): Promise<Outcome> {
  const person = personOf(office, given.user);
  const channel = channelOf(office, given.channel, person);
  const message = post(office, {
    channel: channel.id,
    user: person.id,
    text: escapedMessage(office, given.text),
    fromBot: false,
    threadTs: given.threadStamp,
  });
  const outcome: Outcome = { ok: true, message: shown(office, message) };
  if (!botIsIn(office, channel)) {
    return outcome;
  }
  const event = messageEvent(office, message, channel.personId !== undefined);
  const receipts = [office.delivery.deliverEvent(eventEnvelope(office, event))];
  if (message.text.includes(`<@${office.settings.bot.userId}>`) && !channel.personId) {
    const { channel_type: _, ...mention } = { ...event, type: 'app_mention' };
    receipts.push(office.delivery.deliverEvent(eventEnvelope(office, mention)));
  }
  const failed = (await Promise.all(receipts)).find((one) => one.outcome !== 'acknowledged');
  return failed ? { ...outcome, ...outcomeOf(failed, unheard) } : outcome;
}

/** A person opens the app's home tab. */
export async function openHome(office: Office, given: { user: string }): Promise<Outcome> {
  const person = personOf(office, given.user);
  const view = office.homes.get(person.id);
  const event = {
    type: 'app_home_opened',
    user: person.id,
    channel: directChannel(office, person).id,
    tab: 'home',
    event_ts: office.nextStamp(),
    ...(view && { view: wireView(office, view) }),
  };
  const receipt = await office.delivery.deliverEvent(eventEnvelope(office, event));
  return outcomeOf(receipt, unheard);
}

export type ReactGiven = { user: string; messageStamp: string; channel: string; name: string };

/** A person adds a reaction, or takes it back. */
export function react(office: Office, given: ReactGiven): Outcome {
  const channel = channelOf(office, given.channel);
  const message = office.messages.get(channel.id)?.find((one) => one.ts === given.messageStamp);
  if (!message || message.ephemeralFor !== undefined) {
    throw new Error(`Cannot react to ${given.messageStamp}: there is no such message`);
  }
  const reaction = message.reactions.find((one) => one.name === given.name);
  const users = reaction?.users ?? [];
  const next = users.includes(given.user)
    ? users.filter((user) => user !== given.user)
    : [...users, given.user];
  message.reactions = [
    ...message.reactions.filter((one) => one !== reaction),
    ...(next.length > 0 ? [{ name: given.name, users: next }] : []),
  ];
  changed(office, message);
  return { ok: true };
}
