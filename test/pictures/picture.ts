import { MANAGER } from '../bot/bot-for-tests.ts';
import { itemOfTyped } from '../bot/every-item/items.ts';
import type { Studio } from './studio.ts';

export interface Picture {
  readonly name: string;
  /** What of the bot's registries is to be seen: `/team topup`, `form top_up`, `post alert`, `alert budget`. */
  readonly shows?: readonly string[];
  /** What is to be seen, in a line. */
  readonly says: string;
  readonly take: (studio: Studio, name: string) => Promise<void>;
}

/** A part of the gallery: its title, and what stands below it. */
export type Section = readonly [title: string, pictures: readonly Picture[]];

/** What a command is answered with, found by a part of the answer. */
export function answer(
  name: string,
  says: string,
  text: string,
  part: string,
  user = MANAGER,
): Picture {
  return prepared(name, says, [], [text, part], user);
}

/** The form that a command opens. */
export function form(
  name: string,
  says: string,
  text: string,
  { callbackId = 'arguments', user = MANAGER } = {},
): Picture {
  return {
    name,
    says,
    shows: [itemOfTyped(text), `form ${callbackId}`],
    async take(studio) {
      await studio.desk.type(text, user);
      await studio.desk.form(callbackId, user);
      await studio.form(name, user);
    },
  };
}

/** The form that a button of an answer opens. */
export function pressedForm(
  name: string,
  says: string,
  [text, part, label]: readonly [string, string, string],
  { callbackId = 'arguments', user = MANAGER, shows = [] as readonly string[] } = {},
): Picture {
  return {
    name,
    says,
    shows: [...shows, `form ${callbackId}`],
    async take({ desk, form: taken }) {
      desk.begin();
      await desk.type(text, user);
      await desk.press(await desk.told(part, user), label, user);
      await desk.form(callbackId, user);
      await taken(name, user);
    },
  };
}

/** What a command is answered with after others, each with a part of its own answer. */
export function prepared(
  name: string,
  says: string,
  before: readonly (readonly [text: string, part: string])[],
  [text, part]: readonly [string, string],
  user = MANAGER,
): Picture {
  return {
    name,
    says,
    shows: [itemOfTyped(text)],
    async take({ desk, message }) {
      for (const [earlier, said] of before) {
        desk.begin();
        await desk.type(earlier, user);
        await desk.told(said, user);
      }
      desk.begin();
      await desk.type(text, user);
      await message(name, await desk.told(part, user));
    },
  };
}

/** What stands there after a button of an answer was pressed. */
export function pressed(
  name: string,
  says: string,
  [text, asked, label]: readonly [string, string, string],
  part: string,
  user = MANAGER,
): Picture {
  return {
    name,
    says,
    shows: [itemOfTyped(text)],
    async take({ desk, message }) {
      desk.begin();
      await desk.type(text, user);
      await desk.press(await desk.told(asked, user), label, user);
      await message(name, await desk.told(part, user));
    },
  };
}

/** What a command about a team's latest key is answered with. */
export function ofKey(
  name: string,
  says: string,
  [verb, teamId, words]: readonly [string, string, string],
  part: string,
): Picture {
  return {
    name,
    says,
    shows: [`/team key ${verb}`],
    async take({ desk, subject, message }) {
      const [key] = await subject.stores.records.keys.ofTeam(teamId);
      desk.begin();
      await desk.type(`/team key ${verb} ${teamId} ${key?.lastFour} ${words}`);
      await message(name, await desk.told(part));
    },
  };
}
