// Of any number of access groups, models and plans each is found: in menus by typing, in lists by turning pages.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPlan } from '../../src/core/plans/plans.ts';
import { APPROVER, MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { buttonOf, givenTeam, people } from './person.ts';

const ADMIN = { id: 'api:admin', door: 'api' } as const;
const OWNER = APPROVER;
/** More than a message shows and more than a menu offers at once. */
const MANY = 120;
const numbers = Array.from({ length: MANY }, (_, at) => String(at).padStart(3, '0'));

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [OWNER] } });
  const big = { name: 'group-big', displayName: 'All', aliases: numbers.map((n) => `model-${n}`) };
  const groups = numbers.map((number) => ({
    name: `group-${number}`,
    displayName: `Group ${number}`,
    aliases: [`model-${number}`],
  }));
  // The whole name of one is the beginning of all others.
  const short = { name: 'group', displayName: 'Short', aliases: ['model-000'] };
  const single = numbers.map((number) => `single-${number}`);
  await subject.stores.records.accessGroups.replace(
    [...groups, big, short],
    [...big.aliases, ...single],
  );
  await givenTeam(subject, 'acme-prod', { accessGroups: ['group-119'] });
  for (const number of numbers) {
    const set = { set: 'limit', kind: 'requests', model: null, max: 60 } as const;
    const wish = { id: `plan-${number}`, changes: [set], metadata: {} };
    await createPlan(subject.stores, ADMIN, wish);
  }
});
afterEach(async () => {
  for (const user of [MANAGER, OWNER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});
afterAll(async () => subject.close());

async function offered(actionId: string, query: string, user = MANAGER) {
  const { options } = await subject.control.typeahead({ user, actionId, query });
  return options.map(({ value }) => value);
}

describe('a menu finds', () => {
  test.each([
    ['/models group', 'arguments', 'group'],
    ['/models group edit', 'arguments', 'group'],
    ['/models new', 'arguments', 'groups'],
    ['/team create', 'create_team', 'groups'],
    ['/org onboard', 'onboard', 'groups'],
    ['/team bulk', 'arguments', 'model'],
    ['/team bulk', 'arguments', 'names'],
  ])('access groups: %s, in the form %s, field %s', async (text, callbackId, field) => {
    await type(text);
    await form(callbackId);
    expect(await offered(field, '119')).toContain('group-119');
    expect((await offered(field, 'group'))[0]).toBe('group');
  });

  test.each(['plan follow', 'plan edit', 'plan delete'])(
    'plans: /quartermaster %s',
    async (name) => {
      await type(`/quartermaster ${name}`, OWNER);
      await form('arguments', OWNER);
      expect(await offered('plan', '119', OWNER)).toEqual(['plan-119']);
      expect(await offered('plan', 'plan-0', OWNER)).toHaveLength(50);
    },
  );

  test('no plan at all, where that may be chosen; and it is chosen', async () => {
    await type('/quartermaster plan follow', OWNER);
    await form('arguments', OWNER);
    expect((await offered('plan', '', OWNER))[0]).toBe('none');
    const sent = await subject.control.submitView({
      user: OWNER,
      values: { plan: 'plan-119', team: 'acme-prod' },
    });
    expect(sent).toMatchObject({ ok: true });
    await told('follows the plan `plan-119`', OWNER);
    await type('/quartermaster plan follow team=acme-prod', OWNER);
    await form('arguments', OWNER);
    await subject.control.submitView({ user: OWNER, values: { plan: 'none' } });
    await told('follows no plan any more', OWNER);
    await subject.idle();
    const team = await subject.stores.records.teams.find('acme-prod');
    expect(team?.ceilings.limits).toEqual([]);
  });
});

/** Turns to the end, and answers what each page shows of what fits. */
async function turned(text: string, part: string, each: RegExp) {
  await type(text, VIEWER);
  const shown = [await told(part, VIEWER)];
  for (let page = shown[0]; page !== undefined && hasNext(page); page = shown.at(-1)) {
    const { stamp } = page;
    const before = textOf(page);
    await press(page, 'Next', VIEWER);
    shown.push(
      await subject.control.waitForMessage(
        (message) => message.stamp === stamp && textOf(message) !== before,
      ),
    );
  }
  return shown.map((page) => [...new Set(textOf(page).match(each))]);
}

function hasNext(message: { blocks: unknown }): boolean {
  return textOf(message).includes('"text":"Next"') && buttonOf(message, 'Next').actionId !== '';
}

describe('a list turns to', () => {
  test('every group, and every model that is in none', async () => {
    const pages = await turned('/models', '`group-000`', /`(?:group-\d{3}|single-\d{3})`/g);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.flat()).toEqual([
      ...numbers.map((number) => `\`group-${number}\``),
      ...numbers.map((number) => `\`single-${number}\``),
    ]);
  });

  test('every one that was searched for', async () => {
    const pages = await turned('/models single', '`single-000`', /`single-\d{3}`/g);
    expect(pages.flat()).toHaveLength(MANY);
  });

  test('every model of a group', async () => {
    const pages = await turned('/models group group-big', '`model-000`', /`model-\d{3}`/g);
    expect(pages.flat()).toEqual(numbers.map((number) => `\`model-${number}\``));
  });
});
