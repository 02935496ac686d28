// Whatever is wrong of what was typed, of whichever argument of whichever command: the form opens with all the rest in
// it, or it is said exactly what is wrong and what to do; and nothing is changed.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { typedName } from '../../src/bot/commands/definition.ts';
import type { Argument, Command, Subcommand } from '../../src/bot/commands/definition.ts';
import { readArguments } from '../../src/bot/commands/grammar.ts';
import { COMMANDS } from '../../src/bot/commands/registry.ts';
import { quoted } from '../../src/bot/commands/words.ts';
import { addMember } from '../../src/core/members/members.ts';
import { createKey } from '../../src/core/keys/create-key.ts';
import { addGroup } from '../../src/core/models/change-group.ts';
import { addModel } from '../../src/core/models/change-model.ts';
import { createPlan } from '../../src/core/plans/plans.ts';
import { APPROVER, ROLES, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { effectsOf } from './every-item/desk.ts';
import { REFUSED, TAKES_ANYTHING, UNREADABLE } from './mended/wrong-values.ts';
import { givenTeam } from './person.ts';
import { spend } from './usage.ts';

/** Who may everything, so that only what was typed can be wrong. */
const OWNER = APPROVER;
const ADMIN = { id: 'api:admin', door: 'api' } as const;

let subject: BotUnderTest;
/** What the examples of the registry name, by what there is. */
let real: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [OWNER] } });
  const { stores } = subject;
  for (const teamId of ['acme-prod', 'acme-dev', 'acme-test']) {
    await givenTeam(subject, teamId);
  }
  await givenTeam(subject, 'globex-prod', { organizationId: 'globex' });
  const key = { name: '9bdd', expiresAt: null, teamId: 'acme-prod' };
  await createKey(stores, ADMIN, key);
  for (const userId of ['ann@acme.com', 'bob@acme.com']) {
    await addMember(stores, ADMIN, { teamId: 'acme-prod', userId, createUser: true });
  }
  await addGroup(stores, ADMIN, { name: 'mini-models', aliases: ['gpt-4o-mini'] });
  const served = { provider: 'openai', upstreamModel: 'gpt-4o-mini', displayName: 'fast' };
  await addModel(stores, ADMIN, { alias: 'fast', ...served });
  await createPlan(stores, ADMIN, { id: 'starter', changes: [], metadata: {} });
  await spend(subject, 'acme-prod', 40n);
  const where = { teamId: 'acme-prod' };
  const { id } = await subject.postgres.usageEvent.findFirstOrThrow({ where });
  real = { call: id, who: '@omar' };
});
afterEach(closeForms);
afterAll(async () => subject.close());

async function closeForms() {
  if (subject.control.views({ user: OWNER }).length > 0) {
    await subject.control.closeView({ user: OWNER, all: true });
  }
}

interface Case {
  readonly argument: Argument;
  readonly wrong: string;
}

const SUBCOMMANDS = COMMANDS.flatMap((command) =>
  command.subcommands
    .filter((each) => each.arguments.some(isShown))
    .map((each) => [typedName(command, each), command, each] as const),
);

function isShown({ internal }: Argument): boolean {
  return internal !== true;
}

/** The words of the longest example, by argument. */
function wordsOf({ name, arguments: known, examples }: Subcommand): Record<string, string> {
  const longest = examples.toSorted((a, b) => b.length - a.length)[0] ?? '';
  const { typed } = readArguments(known, longest.slice(name.length));
  return Object.fromEntries(
    Object.entries(typed).map(([each, value]) => [each, real[each] ?? value]),
  );
}

/** What is shown of a value that was kept: menus of Slack's own hold ids. */
function isKept(shown: string, { kind }: Argument, value: string): boolean {
  const inMenu = kind.startsWith('channel')
    ? /initial_conversation/
    : kind === 'holder' || kind === 'person_or_none'
      ? /initial_user/
      : undefined;
  return inMenu !== undefined && /^[#@<]/.test(value)
    ? inMenu.test(shown)
    : value.split(',').every((part) => shown.includes(JSON.stringify(part).slice(1, -1)));
}

/** It could be the name of a team or organization that has to be there already. */
function isLookedUp({ kind, isNew }: Argument, wrong: string): boolean {
  return (kind === 'team' || kind === 'org') && isNew !== true && wrong !== UNREADABLE[kind];
}

/** Types it, and answers what was shown: a form, or a message. */
async function shownFor(text: string) {
  const since = (Date.now() / 1_000).toFixed(6);
  const typed = await subject.control.command({ user: OWNER, channel: '#acme-prod', text });
  expect(typed).toMatchObject({ ok: true });
  await subject.idle();
  const [view] = subject.control.views({ user: OWNER });
  const said = subject.control
    .messages({ channel: '#acme-prod', user: OWNER })
    .filter((each) => each.stamp > since && each.ephemeralFor === OWNER);
  return { view, said: said.at(-1) };
}

/** The complaint of one case, or undefined where it is as it should be. */
async function wrongWith(command: Command, chosen: Subcommand, { argument, wrong }: Case) {
  const words = { ...wordsOf(chosen), [argument.name]: wrong };
  const pairs = Object.entries(words).map(([name, value]) => `${name}=${quoted(value)}`);
  const text = `${typedName(command, chosen)} ${pairs.join(' ')}`;
  const { view, said } = await shownFor(text);
  const lost = chosen.arguments.filter(
    (each) =>
      each.name !== argument.name &&
      words[each.name] !== undefined &&
      isShown(each) &&
      !isKept(textOf(view ?? { blocks: '' }), each, words[each.name] ?? ''),
  );
  await closeForms();
  if (
    isLookedUp(argument, wrong) &&
    !textOf(view ?? { blocks: said?.blocks }).includes('Did you mean')
  ) {
    return `${text}: nobody asks what was meant`;
  }
  if (view === undefined) {
    const isExact = said !== undefined && (said.blocks as unknown[]).length > 1;
    return isExact ? undefined : `${text}: neither a form nor a cure, but ${said?.text}`;
  }
  const complains = textOf(view).includes('⚠️');
  return complains && lost.length === 0
    ? undefined
    : `${text}: the form ${complains ? `lost ${lost.map(({ name }) => name).join()}` : 'complains of nothing'}`;
}

async function complaintsAbout(command: Command, chosen: Subcommand, cases: readonly Case[]) {
  const complaints: (string | undefined)[] = [];
  for (const each of cases) {
    complaints.push(await wrongWith(command, chosen, each));
  }
  return complaints.filter((each) => each !== undefined);
}

describe('what can not be read', () => {
  test.each(SUBCOMMANDS)('of %s is asked for again with the rest', async (_, command, chosen) => {
    const before = await effectsOf(subject);
    const cases = chosen.arguments
      .filter(isShown)
      .map((argument) => ({ argument, wrong: UNREADABLE[argument.kind] }));
    expect(await complaintsAbout(command, chosen, cases)).toEqual([]);
    expect(await effectsOf(subject)).toEqual(before);
  });
});

describe('what is refused', () => {
  const open = ['text', 'end', 'names', 'models', 'model', 'groups', 'key', 'team', 'org'];
  const casesOf = (name: string, { arguments: known }: Subcommand): Case[] =>
    known.filter(isShown).flatMap((argument) => {
      const wrong = REFUSED[`${name} ${argument.name}`] ?? REFUSED[argument.name];
      const isFree = TAKES_ANYTHING.includes(`${name} ${argument.name}`);
      return wrong === undefined || isFree ? [] : [{ argument, wrong }];
    });

  test('there is a wrong value for each argument that is judged by more than its form', () => {
    const all = SUBCOMMANDS.flatMap(([name, , chosen]) =>
      chosen.arguments
        .filter((each) => isShown(each) && open.includes(each.kind))
        .map((each) => [name, each.name] as const),
    );
    const unknown = all.filter(
      ([name, argument]) =>
        REFUSED[`${name} ${argument}`] === undefined &&
        REFUSED[argument] === undefined &&
        !TAKES_ANYTHING.includes(argument) &&
        !TAKES_ANYTHING.includes(`${name} ${argument}`),
    );
    expect(unknown).toEqual([]);
  });

  test.each(SUBCOMMANDS.filter(([name, , chosen]) => casesOf(name, chosen).length > 0))(
    'of %s is asked for again with the rest, or told with its cure',
    async (name, command, chosen) => {
      const before = await effectsOf(subject);
      expect(await complaintsAbout(command, chosen, casesOf(name, chosen))).toEqual([]);
      expect(await effectsOf(subject)).toEqual(before);
    },
  );
});
