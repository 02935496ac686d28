// A customer with two teams, whose doors are all open: commands are given there, whichever way they come.

import { createOrganization } from '../../src/core/organizations/create-organization.ts';
import { createUser } from '../../src/core/members/users.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { newId } from '../../src/core/ids.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import type { Management, Told } from '../api/management.ts';
import { MANAGER, textOf } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { buttonOf, givenTeam } from '../bot/person.ts';
import { PEOPLE } from './commands.ts';
import type { Command, State, TeamName } from './model.ts';
import { liteLlmWay, saasWay, slackWay } from './ways.ts';
import type { HttpRequest, Typed } from './ways.ts';

export interface World {
  readonly bot: BotUnderTest;
  readonly door: Management;
  readonly organizationId: string;
  readonly teamIds: Readonly<Record<TeamName, string>>;
}

/** Each command of a round is typed in a channel of its own, so that its answers are known from others'. */
const CHANNELS = ['#general', '#acme-prod', '#quartermaster-ops'] as const;
const CREDITS_AT_FIRST = 50;

let worlds = 0;

/** A new customer with two people and the first of two teams, and what its model begins with. */
export async function createWorld(
  bot: BotUnderTest,
  door: Management,
): Promise<{ readonly world: World; readonly state: State }> {
  worlds += 1;
  const organizationId = `org-${worlds}`;
  const teamIds = { a: `a-${worlds}`, b: `b-${worlds}` };
  await createOrganization(bot.stores, SYSTEM, { id: organizationId, name: organizationId });
  for (const id of PEOPLE) {
    const made = await createUser(bot.stores, SYSTEM, { organizationId, id });
    if (isRefusal(made)) {
      throw new Error(`Make ${id}: ${JSON.stringify(made)}`);
    }
  }
  await givenTeam(bot, teamIds.a, { organizationId, credits: String(CREDITS_AT_FIRST) });
  const first = { status: 'active', owner: null, rotations: 0 } as const;
  const a = {
    credits: CREDITS_AT_FIRST,
    entries: 1,
    status: 'active',
    budgetUsd: null,
    requestsPerMinute: null,
    access: ['gpt-models'],
    members: {},
    keys: { first },
  } as const;
  return { world: { bot, door, organizationId, teamIds }, state: { a, b: undefined } };
}

export interface Given {
  readonly command: Command;
  /** Whether it is sent once more while the first is under way. */
  readonly isRepeated: boolean;
}

/** Gives commands at once. Answers of each whether it was refused; undefined for Slack, which speaks to people. */
export async function giveAtOnce(
  world: World,
  round: readonly Given[],
): Promise<(boolean | undefined)[]> {
  const { control } = world.bot;
  const keyIds = await Promise.all(round.map(async ({ command }) => keyIdOf(world, command)));
  const before = new Set(control.envelopes());
  const answers = await Promise.all(
    round.map(async (given, at) => {
      const { command } = given;
      const ids = {
        organizationId: world.organizationId,
        teamId: world.teamIds[command.team],
        keyId: keyIds[at] ?? 'none',
      };
      if (command.by === 'slack') {
        await sayInSlack(world, slackWay(command, ids), CHANNELS[at]);
        return undefined;
      }
      const way = command.by === 'saas' ? saasWay : liteLlmWay;
      return isRefused(world.door, way(command, ids), given.isRepeated);
    }),
  );
  if (round.some(({ isRepeated, command }) => isRepeated && command.by === 'slack')) {
    const delivered = control.envelopes().filter((envelope) => !before.has(envelope));
    await Promise.all(delivered.map(async (envelope) => control.redeliver(envelope)));
    await untilQuiet(world);
  }
  if (control.views({ user: MANAGER }).length > 0) {
    await control.closeView({ user: MANAGER, all: true });
  }
  return answers;
}

async function keyIdOf({ bot, teamIds }: World, command: Command): Promise<string | undefined> {
  const keys = await bot.stores.records.keys.ofTeam(teamIds[command.team]);
  return 'key' in command ? keys.find(({ name }) => name === command.key)?.id : undefined;
}

/** What one reads in Slack is what the new messages in a channel say. */
export async function sayInSlack(
  { bot }: Pick<World, 'bot'>,
  { text, press }: Typed,
  channel: string = CHANNELS[0],
): Promise<string> {
  const seen = () => bot.control.messages({ user: MANAGER, channel });
  const known = new Set(seen().map(({ stamp }) => stamp));
  const said = () => seen().filter(({ stamp }) => !known.has(stamp));
  const typed = await bot.control.command({ user: MANAGER, channel, text });
  if (!typed.ok) {
    throw new Error(`Type ${text}: ${JSON.stringify(typed)}`);
  }
  await untilQuiet({ bot });
  const asked = said().find((message) => hasButton(message, press));
  if (press !== undefined && asked !== undefined) {
    const { actionId, value } = buttonOf(asked, press);
    await bot.control.click({ user: MANAGER, message: asked, actionId, value });
    await untilQuiet({ bot });
  }
  return said().map(textOf).join('\n');
}

/** Long: what is slow on a busy machine is not wrong. */
const QUIET_WITHIN_MS = 60_000;

async function untilQuiet({ bot }: Pick<World, 'bot'>): Promise<void> {
  if (!(await bot.bot.settled(QUIET_WITHIN_MS))) {
    throw new Error(`The bot still has something under way after ${QUIET_WITHIN_MS} ms`);
  }
}

function hasButton(message: { blocks: unknown }, label: string | undefined): boolean {
  return JSON.stringify(message.blocks).includes(JSON.stringify({ text: label }).slice(1, -1));
}

/** Asks it, or the same twice at once under one key: then the two answers must not differ. */
async function isRefused(
  door: Management,
  [method, path, body]: HttpRequest,
  isRepeated: boolean,
): Promise<boolean> {
  const headers = { 'idempotency-key': newId() };
  const ask = async (): Promise<Told> => door.ask(method, path, body, headers);
  const answers = await Promise.all(isRepeated ? [ask(), ask()] : [ask()]);
  const told = answers.filter(({ text }) => !text.includes('still being worked at'));
  const statuses = new Set(told.map(({ status }) => status));
  const [status] = statuses;
  if (status === undefined || statuses.size > 1 || status >= 500) {
    throw new Error(`${method} ${path}: ${answers.map(({ text }) => text).join(' and ')}`);
  }
  return status >= 400;
}
