import { addressee, directChannel } from '../conversations.ts';
import { post } from '../messages.ts';
import type { Channel, Person } from '../model.ts';
import type { Office } from '../office.ts';
import { applyAnswer } from '../responses.ts';
import { SLACKBOT_ID } from '../seed.ts';
import { escaped } from './escaping.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { channelHead, envelope, personOf } from './payloads.ts';
import { shown } from './shown.ts';

export type CommandGiven = { user: string; channel: string; text: string };

/** The channel a person means: by name or id, or a direct one by who is on the other end. */
export function channelOf(office: Office, reference: string, actor?: Person): Channel {
  const isBot = reference === office.settings.bot.userId;
  const channel = isBot && actor ? directChannel(office, actor) : addressee(office, reference);
  if (!channel) {
    const known = [...office.channels.values()].map((one) => `#${one.name}`).join(', ');
    throw new Error(`Cannot act in ${reference}: the workspace has ${known}`);
  }
  return channel;
}

/** Slack's own voice: says a failure to the one who typed. */
function slackbotSays(office: Office, channel: Channel, person: Person, sentence: string): void {
  post(office, {
    channel: channel.id,
    user: SLACKBOT_ID,
    text: sentence,
    fromBot: false,
    ephemeralFor: person.id,
  });
}

function split(text: string): { command: string; rest: string } {
  const [command = '', ...rest] = text.trim().split(/\s+/u);
  return { command, rest: rest.length > 0 ? text.trim().slice(command.length).trim() : '' };
}

/** A person types a command. Resolves when the app has acknowledged it, or 3 s are over. */
export async function runCommand(office: Office, given: CommandGiven): Promise<Outcome> {
  const person = personOf(office, given.user);
  const channel = channelOf(office, given.channel, person);
  const { command, rest } = split(given.text);
  const fail = (outcome: Outcome): Outcome => {
    slackbotSays(office, channel, person, outcome.sentence ?? '');
    return outcome;
  };
  if (!office.settings.commands.some((one) => one.command === command)) {
    const sentence = `\`${command}\` is not a valid command. In Slack, slash commands are started with a \`/\` and a name that an app has registered.`;
    return fail({ ok: false, error: 'not_a_command', sentence });
  }
  const responseId = office.passes.issueResponsePass({ channel: channel.id, userId: person.id });
  const payload = commandPayload(office, person, channel, command, rest, responseId);
  const receipt = await office.delivery.deliver(envelope('slash_commands', payload, true));
  const outcome = outcomeOf(receipt, (error) => `\`${command}\` failed with the error "${error}"`);
  if (!outcome.ok) {
    return fail(outcome);
  }
  return showAnswer(office, responseId, outcome, command, fail);
}

function showAnswer(
  office: Office,
  responseId: string,
  outcome: Outcome,
  command: string,
  fail: (outcome: Outcome) => Outcome,
): Outcome {
  const said = outcome.ack;
  if (typeof said !== 'object' || said === null || Object.keys(said).length === 0) {
    return outcome;
  }
  const pass = office.passes.peekResponsePass(responseId);
  if (!pass) {
    return outcome;
  }
  const applied = applyAnswer(office, pass, said);
  if (!applied.ok) {
    const detail = [applied.error, ...applied.messages].join(' ');
    const sentence = `\`${command}\` failed with the error "${detail}"`;
    return fail({ ...outcome, ok: false, error: 'bad_answer', sentence });
  }
  return applied.message ? { ...outcome, message: shown(office, applied.message) } : outcome;
}

function commandPayload(
  office: Office,
  person: Person,
  channel: Channel,
  command: string,
  rest: string,
  responseId: string,
): Record<string, unknown> {
  const { bot, team, verificationToken } = office.settings;
  return {
    token: verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelHead(channel).name,
    user_id: person.id,
    user_name: person.handle,
    command,
    text: escaped(office, rest),
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: `${office.url}/commands/${team.id}/${responseId}`,
    trigger_id: office.passes.issueTrigger(person.id),
  };
}
