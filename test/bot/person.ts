import { expect } from 'vitest';
import { creditsFromText } from '../../src/core/money.ts';
import { createTeam } from '../../src/core/teams/create-team.ts';
import type { TeamWish } from '../../src/core/teams/create-team.ts';
import { isRefusal } from '../../src/core/refusals.ts';
import { isRepeated } from '../../src/core/change.ts';
import { waitFor } from '../support/wait-for.ts';
import { MANAGER, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';

/** Posts of one place keep a distance, and a busy machine is slow. */
const SAID_WITHIN_MS = 30_000;

/** After which an answer is looked for though work is under way: the test may be holding it up. */
const SLOW_MS = 3_000;

/** What people in the workspace do and see, in short. */
export function people(subject: () => BotUnderTest) {
  const control = () => subject().control;
  // An answer like one that was given before is not to be taken for it.
  const doneOrSlow = async () => subject().bot.settled(SLOW_MS);

  return {
    async type(text: string, user = MANAGER, channel = '#acme-prod') {
      const typed = await control().command({ user, channel, text });
      expect(typed).toMatchObject({ ok: true });
    },
    /** The newest message for this person alone that has this text, once what was asked is done. */
    async told(part: string, user = MANAGER) {
      await doneOrSlow();
      return control().waitForMessage(
        (message) => message.ephemeralFor === user && textOf(message).includes(part),
      );
    },
    /** The newest message for everybody that has this text, once what was asked is done. */
    async news(part: string) {
      await doneOrSlow();
      return control().waitForMessage(
        (message) => message.ephemeralFor === undefined && textOf(message).includes(part),
      );
    },
    async form(callbackId: string, user = MANAGER) {
      return control().waitForView((v) => v.callbackId === callbackId && v.userId === user);
    },
    /** The form in which a value is asked for again, with what is wrong with it; it is closed then. */
    async askedAgain(part: string, user = MANAGER) {
      const view = await control().waitForView(
        (each) => each.userId === user && textOf(each).includes(part),
      );
      await control().closeView({ user, all: true });
      return view;
    },
    /** Everything that a person has been shown in a channel. */
    seen(user: string | undefined, channel = '#acme-prod') {
      return control().messages({ channel, ...(user === undefined ? {} : { user }) });
    },
    /** Waits until nothing is said any more that was about to be. */
    async quiet() {
      await subject().idle();
    },
    /** The button of a message by the start of its action and its label. */
    async press(message: { stamp: string; blocks: unknown }, label: string, user = MANAGER) {
      const { actionId, value } = buttonOf(message, label);
      return control().click({ user, message, actionId, value });
    },
    /** Chooses in the menu of a message by the words of the choice. */
    async choose(message: { stamp: string; blocks: unknown }, words: string, user = MANAGER) {
      const { actionId, value } = choiceIn(message, words);
      return control().click({ user, message, actionId, value });
    },
    waitFor,
  };
}

interface Shown {
  type: string;
  action_id?: string;
  value?: string;
  url?: string;
  text?: { text?: string };
  elements?: Shown[];
  options?: { value: string; text: { text: string } }[];
  accessory?: Shown;
}

/** Finds a button by its label. */
export function buttonOf(message: { blocks: unknown }, label: string) {
  const blocks = message.blocks as Shown[];
  const elements = blocks.flatMap((block) =>
    [...(block.elements ?? []), block.accessory ?? []].flat(),
  );
  const buttons = elements.filter((element) => element.type === 'button');
  const found = buttons.find((element) => element.text?.text === label);
  if (found?.action_id === undefined) {
    const labels = buttons.map((element) => element.text?.text).join(', ');
    throw new Error(`Press ${label}: there is ${labels || 'no button'}`);
  }
  return { actionId: found.action_id, value: found.value, url: found.url };
}

function choiceIn({ blocks }: { blocks: unknown }, words: string) {
  const menus = (blocks as Shown[]).flatMap(({ elements = [] }) =>
    elements.filter(({ type }) => type === 'static_select'),
  );
  for (const { action_id: actionId = '', options = [] } of menus) {
    const found = options.find(({ text }) => text.text === words);
    if (found !== undefined) {
      return { actionId, value: found.value };
    }
  }
  throw new Error(`Choose ${words}: there is no menu that offers it`);
}

/** Until everything that was to be said in Slack is said. */
export async function untilAllIsSaid({ postgres }: Pick<BotUnderTest, 'postgres'>) {
  const waiting = async () => postgres.channelPost.count({ where: { overAt: null } });
  await waitFor(async () => (await waiting()) === 0, {
    what: 'posts to be said',
    timeoutMs: SAID_WITHIN_MS,
  });
}

/** A team that is there already. */
export async function givenTeam(
  subject: Pick<BotUnderTest, 'stores'>,
  id: string,
  wish: Partial<Omit<TeamWish, 'credits'>> & { credits?: string } = {},
) {
  const { credits = '1000', ...rest } = wish;
  const created = await createTeam(
    subject.stores,
    { id: 'api:admin', door: 'api' },
    {
      id,
      organizationId: 'acme',
      accessGroups: ['gpt-models'],
      createOrganization: true,
      channelId: 'C0ACME',
      terms: { budgetMode: 'consumption_usd' },
      credits: creditsFromText(credits) as bigint,
      ...rest,
    },
  );
  if (isRefusal(created) || isRepeated(created)) {
    throw new Error(`Create team ${id} for a test: ${JSON.stringify(created)}`);
  }
  return created;
}

/** What the ledger says a team has, in microcredits. */
export async function balanceOf(subject: BotUnderTest, teamId: string) {
  return (await subject.stores.records.ledger.account(teamId))?.balance;
}
