// Two teams of one customer as a plain program in memory: what must stand there after commands, whichever door they came by.

export type DoorName = 'saas' | 'litellm' | 'slack';
export type TeamName = 'a' | 'b';
export type TeamStatus = 'active' | 'suspended' | 'paused';
export type KeyStatus = 'active' | 'blocked' | 'revoked';
export type Role = 'admin' | 'user';

export interface KeyState {
  readonly status: KeyStatus;
  readonly owner: string | null;
  readonly rotations: number;
}

export interface TeamState {
  readonly credits: number;
  /** Lines of the ledger: none is written twice. */
  readonly entries: number;
  readonly status: TeamStatus;
  /** Of a month. */
  readonly budgetUsd: number | null;
  readonly requestsPerMinute: number | null;
  /** Names of access groups and models, sorted. */
  readonly access: readonly string[];
  readonly members: Readonly<Record<string, Role | 'removed'>>;
  readonly keys: Readonly<Record<string, KeyState>>;
}

export type State = Readonly<Record<TeamName, TeamState | undefined>>;

type Wish =
  | { readonly do: 'create'; readonly credits: number }
  | { readonly do: 'top up' | 'deduct'; readonly credits: number }
  | { readonly do: 'set status'; readonly status: TeamStatus }
  | { readonly do: 'set budget'; readonly usd: number | null }
  | { readonly do: 'set requests'; readonly perMinute: number | null }
  | {
      readonly do: 'replace ceilings';
      readonly usd: number | null;
      readonly perMinute: number | null;
    }
  | {
      readonly do: 'add models' | 'remove models' | 'replace models';
      readonly models: readonly string[];
    }
  | { readonly do: 'add person' | 'remove person'; readonly person: string }
  | { readonly do: 'change role'; readonly person: string; readonly role: Role }
  | { readonly do: 'make key'; readonly key: string; readonly owner: string | null }
  | { readonly do: 'set key status'; readonly key: string; readonly status: KeyStatus }
  | { readonly do: 'rotate key'; readonly key: string };

export type Command = Wish & { readonly by: DoorName; readonly team: TeamName };

/** `same`: nothing changes, and a door may say yes or no to it. */
export type Outcome = 'changed' | 'same' | 'refused';

export interface After {
  readonly state: State;
  readonly outcome: Outcome;
}

/** Whoever makes a team by LiteLLM's route with the admin key is its first member there. */
const MASTER = 'default_user_id';
const FIRST_KEY = 'first';
const FIRST_ACCESS = ['gpt-models'];

const EMPTY: TeamState = {
  credits: 0,
  entries: 0,
  status: 'active',
  budgetUsd: null,
  requestsPerMinute: null,
  access: FIRST_ACCESS,
  members: {},
  keys: {},
};
const NEW_KEY: KeyState = { status: 'active', owner: null, rotations: 0 };

export function after(state: State, command: Command): After {
  const before = state[command.team];
  const next =
    command.do === 'create'
      ? created(before, command)
      : before === undefined
        ? 'refused'
        : change(before, command);
  return typeof next === 'string'
    ? { state, outcome: next }
    : { state: { ...state, [command.team]: next }, outcome: 'changed' };
}

type Next = TeamState | Exclude<Outcome, 'changed'>;

/** LiteLLM knows no credits, and makes no key with a team. */
function created(
  before: TeamState | undefined,
  { by, credits }: Extract<Command, { do: 'create' }>,
): Next {
  if (before !== undefined) {
    return 'refused';
  }
  return by === 'litellm'
    ? { ...EMPTY, members: { [MASTER]: 'admin' } }
    : { ...EMPTY, credits, entries: 1, keys: { [FIRST_KEY]: NEW_KEY } };
}

function change(team: TeamState, command: Exclude<Command, { do: 'create' }>): Next {
  switch (command.do) {
    case 'top up':
      return { ...team, credits: team.credits + command.credits, entries: team.entries + 1 };
    case 'deduct':
      return command.credits > team.credits
        ? 'refused'
        : { ...team, credits: team.credits - command.credits, entries: team.entries + 1 };
    case 'set status':
      return team.status === command.status ? 'same' : { ...team, status: command.status };
    case 'set budget':
      return { ...team, budgetUsd: command.usd };
    case 'set requests':
      return { ...team, requestsPerMinute: command.perMinute };
    case 'replace ceilings':
      return { ...team, budgetUsd: command.usd, requestsPerMinute: command.perMinute };
    case 'add models':
      return { ...team, access: sorted([...team.access, ...command.models]) };
    case 'remove models':
      return { ...team, access: team.access.filter((name) => !command.models.includes(name)) };
    case 'replace models':
      return { ...team, access: sorted(command.models) };
    case 'add person':
      return isIn(team, command.person)
        ? 'refused'
        : { ...team, members: { ...team.members, [command.person]: 'user' } };
    case 'remove person':
      return removed(team, command);
    case 'change role':
      if (!isIn(team, command.person)) {
        return 'refused';
      }
      return { ...team, members: { ...team.members, [command.person]: command.role } };
    default:
      return changeKeys(team, command);
  }
}

/** Their keys end with it: blocked, and by LiteLLM's route for ever. */
function removed(team: TeamState, { person, by }: Command & { readonly person: string }): Next {
  if (!isIn(team, person)) {
    return 'refused';
  }
  const ended = (key: KeyState): KeyState => ({
    ...key,
    status: by === 'litellm' ? 'revoked' : key.status === 'active' ? 'blocked' : key.status,
  });
  const keys = Object.entries(team.keys).map(
    ([name, key]) => [name, key.owner === person ? ended(key) : key] as const,
  );
  return {
    ...team,
    members: { ...team.members, [person]: 'removed' },
    keys: Object.fromEntries(keys),
  };
}

function changeKeys(
  team: TeamState,
  command: Extract<Command, { do: 'make key' | 'set key status' | 'rotate key' }>,
): Next {
  if (command.do === 'make key') {
    return withNewKey(team, command);
  }
  const key = team.keys[command.key];
  if (key === undefined) {
    return 'refused';
  }
  const put = (next: KeyState): TeamState => ({
    ...team,
    keys: { ...team.keys, [command.key]: next },
  });
  if (command.do === 'rotate key') {
    return key.status === 'revoked' ? 'refused' : put({ ...key, rotations: key.rotations + 1 });
  }
  if (key.status === command.status) {
    return 'same';
  }
  const isOwnerOut = key.owner !== null && !isIn(team, key.owner);
  return key.status === 'revoked' || (command.status === 'active' && isOwnerOut)
    ? 'refused'
    : put({ ...key, status: command.status });
}

/** Its owner is taken into the team with it, but for one who was taken out. */
function withNewKey(team: TeamState, { key, owner }: Extract<Command, { do: 'make key' }>): Next {
  if (owner !== null && team.members[owner] === 'removed') {
    return 'refused';
  }
  const members =
    owner === null ? team.members : { ...team.members, [owner]: team.members[owner] ?? 'user' };
  return { ...team, members, keys: { ...team.keys, [key]: { ...NEW_KEY, owner } } };
}

function isIn(team: TeamState, person: string): boolean {
  const role = team.members[person];
  return role !== undefined && role !== 'removed';
}

export function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
