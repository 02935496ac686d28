// The management API in both dialects and Slack are three doors of one house: whatever is asked for at whichever of
// them, at once and again, ends where the model says, and every door, the gate and the records tell the same.
//
// DOORS_SEQUENCES says how many sequences; a failure prints its seed and path, and
// DOORS_SEED and DOORS_PATH show it again.

import { isDeepStrictEqual } from 'node:util';
import { assert, asyncProperty } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openManagement } from '../api/management.ts';
import type { Management } from '../api/management.ts';
import { startBot } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { rounds, settled } from './commands.ts';
import type { Drawn } from './commands.ts';
import { after } from './model.ts';
import type { Command, Outcome, State } from './model.ts';
import { expectEverywhere, recorded, visible } from './seen.ts';
import { createWorld, giveAtOnce } from './world.ts';
import type { World } from './world.ts';

const SEQUENCES = Number(process.env['DOORS_SEQUENCES'] ?? 8);
const { DOORS_SEED: seed, DOORS_PATH: path } = process.env;
/** Several times what a two-core machine takes that does nothing else. */
const TIMEOUT_MS = 600_000;

let bot: BotUnderTest;
let door: Management;
beforeAll(async () => {
  bot = await startBot({ approvals: { rules: [], perPersonPerDay: null } });
  door = await openManagement(bot.stores);
});
afterAll(async () => {
  await door.close();
  await bot.close();
});

test(
  'what is asked for at three doors at once ends where the model says, and all of them tell the same',
  async () => {
    await assert(
      asyncProperty(rounds, async (sequence) => {
        const begun = await createWorld(bot, door);
        let { state } = begun;
        for (const [at, round] of sequence.entries()) {
          // LiteLLM's dialect takes each name of a key once, over all customers.
          state = await play(begun.world, state, round, `${begun.world.organizationId}-${at}`);
        }
        await expectEverywhere(begun.world, visible(state));
      }),
      {
        numRuns: SEQUENCES,
        // A shorter example takes minutes to find; with the seed and the path of a failure it is looked for.
        endOnFailure: seed === undefined,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      },
    );
  },
  TIMEOUT_MS,
);

/** Gives the commands of a round at once; they must end as if they had been given one after the other. */
async function play(
  world: World,
  state: State,
  round: readonly Drawn[],
  place: string,
): Promise<State> {
  const given = round.map((drawn, at) => ({
    command: settled(drawn, state, `${place}-${at}`),
    isRepeated: drawn.isRepeated,
  }));
  const refused = await giveAtOnce(world, given);
  const seen = await recorded(world);
  const orders = ordersOf(given.map(({ command }) => command)).map((order) =>
    inOrder(state, order),
  );
  const fitting = orders.find(
    (one) =>
      isDeepStrictEqual(visible(one.state), seen) &&
      given.every(({ command }, at) => fits(one.outcomes.get(command), refused[at])),
  );
  const [first] = orders;
  expect({ given, refused, state: seen }).toEqual({
    given,
    refused:
      fitting === undefined ? given.map(({ command }) => first?.outcomes.get(command)) : refused,
    state: visible((fitting ?? first)?.state ?? state),
  });
  return fitting?.state ?? state;
}

function fits(outcome: Outcome | undefined, refused: boolean | undefined): boolean {
  return refused === undefined || outcome === 'same' || (outcome === 'refused') === refused;
}

interface Played {
  readonly state: State;
  readonly outcomes: ReadonlyMap<Command, Outcome>;
}

function inOrder(state: State, commands: readonly Command[]): Played {
  const outcomes = new Map<Command, Outcome>();
  let now = state;
  for (const command of commands) {
    const next = after(now, command);
    outcomes.set(command, next.outcome);
    now = next.state;
  }
  return { state: now, outcomes };
}

function ordersOf<Each>(all: readonly Each[]): Each[][] {
  return all.length < 2
    ? [[...all]]
    : all.flatMap((one, at) => ordersOf(all.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}
