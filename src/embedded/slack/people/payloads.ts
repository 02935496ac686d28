import { randomUUID } from 'node:crypto';
import type { Envelope, EnvelopeType } from '../delivery/envelope.ts';
import { slackId } from '../ids.ts';
import type { Channel, Person } from '../model.ts';
import type { Office } from '../office.ts';

/** The parts that Slack puts into every payload. */

export function envelope(
  type: EnvelopeType,
  payload: Record<string, unknown>,
  acceptsAnswer: boolean,
): Envelope {
  return { envelope_id: randomUUID(), type, payload, accepts_response_payload: acceptsAnswer };
}

export function personOf(office: Office, userId: string): Person {
  const person = office.people.get(userId);
  if (!person) {
    const known = [...office.people.keys()].join(', ');
    throw new Error(`Cannot act as ${userId}: the workspace knows ${known}`);
  }
  return person;
}

/** Who, where and for which app: the head of clicks, submissions and typeahead. */
export function head(office: Office, person: Person): Record<string, unknown> {
  const { bot, team, verificationToken } = office.settings;
  return {
    user: { id: person.id, username: person.handle, name: person.handle, team_id: team.id },
    api_app_id: bot.appId,
    token: verificationToken,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function channelHead(channel: Channel): { id: string; name: string } {
  return { id: channel.id, name: channel.personId ? 'directmessage' : channel.name };
}

/** Wraps an event for the Events API. */
export function eventEnvelope(office: Office, event: Record<string, unknown>): Envelope {
  const { bot, team, verificationToken } = office.settings;
  const payload = {
    token: verificationToken,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: slackId('Ev'),
    event_time: Math.floor(office.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: bot.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: slackId('4-'),
  };
  return envelope('events_api', payload, false);
}
