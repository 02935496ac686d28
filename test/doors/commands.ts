// What people and programs may want of the two teams, each by a door that offers it.

import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { Command, DoorName, State, TeamName } from './model.ts';

export const PEOPLE = ['ann', 'bob'] as const;
/** Two groups, and two models beside them. */
const MODELS = ['gpt-models', 'claude-models', 'gpt-4.1', 'claude-sonnet-4-5'] as const;

/** Which doors offer a command. */
const DOORS: Readonly<Record<Command['do'], readonly DoorName[]>> = {
  create: ['saas', 'litellm', 'slack'],
  'top up': ['saas', 'slack'],
  deduct: ['saas', 'slack'],
  'set status': ['saas', 'litellm', 'slack'],
  'set budget': ['litellm', 'slack'],
  'set requests': ['litellm', 'slack'],
  'replace ceilings': ['saas'],
  'add models': ['litellm', 'slack'],
  'remove models': ['litellm', 'slack'],
  'replace models': ['saas', 'litellm'],
  'add person': ['saas', 'litellm', 'slack'],
  'remove person': ['saas', 'litellm', 'slack'],
  'change role': ['saas', 'litellm'],
  'make key': ['saas', 'litellm', 'slack'],
  'set key status': ['saas', 'litellm', 'slack'],
  'rotate key': ['saas', 'litellm', 'slack'],
};

/** A command that is not settled yet: which key is meant goes by the keys that there are when it is given. */
export interface Drawn {
  readonly wish: Omit<Command, 'key' | 'team' | 'by'> & { readonly do: Command['do'] };
  readonly team: TeamName;
  readonly door: number;
  readonly key: number;
  /** Whether it is sent once more, as a client does that heard no answer. */
  readonly isRepeated: boolean;
}

const credits = fc.integer({ min: 1, max: 40 });
const size = fc.option(fc.integer({ min: 1, max: 90 }), { freq: 4 });
const models = fc.uniqueArray(fc.constantFrom(...MODELS), { minLength: 1, maxLength: 2 });
const person = fc.constantFrom(...PEOPLE);

function wish<Name extends Command['do'], Fields extends object>(
  name: Name,
  fields: { readonly [Field in keyof Fields]: Arbitrary<Fields[Field]> },
): Arbitrary<Fields & { readonly do: Name }> {
  return fc.record({ do: fc.constant(name), ...fields }) as Arbitrary<Fields & { do: Name }>;
}

const wishes = fc.oneof(
  { weight: 3, arbitrary: wish('create', { credits }) },
  { weight: 2, arbitrary: wish('top up', { credits }) },
  { weight: 2, arbitrary: wish('deduct', { credits }) },
  {
    weight: 2,
    arbitrary: wish('set status', { status: fc.constantFrom('active', 'suspended', 'paused') }),
  },
  wish('set budget', { usd: size }),
  wish('set requests', { perMinute: size }),
  wish('replace ceilings', { usd: size, perMinute: size }),
  wish('add models', { models }),
  wish('remove models', { models }),
  wish('replace models', { models }),
  wish('add person', { person }),
  wish('remove person', { person }),
  wish('change role', { person, role: fc.constantFrom('admin', 'user') }),
  { weight: 2, arbitrary: wish('make key', { owner: fc.option(person) }) },
  {
    weight: 2,
    arbitrary: wish('set key status', { status: fc.constantFrom('active', 'blocked', 'revoked') }),
  },
  wish('rotate key', {}),
);

const drawn: Arbitrary<Drawn> = fc.record({
  wish: wishes,
  team: fc.constantFrom('a', 'a', 'a', 'b'),
  door: fc.nat(5),
  key: fc.nat(3),
  isRepeated: fc.boolean(),
});

/** As many as may be under way at once: every order of them is tried in the model. */
const AT_ONCE_MAX = 3;
/** Short ones would mostly ask for what is not there yet. */
const ROUNDS_MIN = 4;
const ROUNDS_MAX = 9;

/** Rounds; the commands of one are given at once. */
export const rounds = fc.array(fc.array(drawn, { minLength: 1, maxLength: AT_ONCE_MAX }), {
  minLength: ROUNDS_MIN,
  maxLength: ROUNDS_MAX,
});

/** The command that is meant in a state; `place` names what it makes. */
export function settled(
  { wish: given, team, door, key }: Drawn,
  state: State,
  place: string,
): Command {
  const doors = doorsOf(given);
  const names = Object.keys(state[team]?.keys ?? {});
  const meant =
    given.do === 'make key' ? `key-${place}` : (names[key % Math.max(1, names.length)] ?? 'none');
  return {
    ...given,
    by: doors[door % doors.length],
    team,
    ...(given.do.includes('key') ? { key: meant } : {}),
  } as Command;
}

/** LiteLLM blocks teams, and has no pause. */
function doorsOf(given: Drawn['wish']): readonly DoorName[] {
  const isPause = 'status' in given && given.status === 'paused';
  return DOORS[given.do].filter((door) => !(isPause && door === 'litellm'));
}
