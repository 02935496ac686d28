import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MANAGER, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { balanceOf, givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot();
  await givenTeam(subject, 'acme-prod');
  await givenTeam(subject, 'acme-dev');
});
afterEach(async () => {
  for (const user of [MANAGER, VIEWER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});
afterAll(async () => subject.close());

const submit = async (values: Record<string, unknown>, user = MANAGER) =>
  subject.control.submitView({ user, values });

describe('what is missing or wrong is asked for in a form with everything else filled in', () => {
  test('a transfer without its target', async () => {
    await type('/team credits transfer acme-prod 20 reason="Load “test”"');
    const view = await form('arguments');
    const shown = textOf(view);
    expect(view.title?.text).toBe('Transfer credits');
    for (const part of ['acme-prod', '"initial_value":"20"', 'Load “test”']) {
      expect(shown).toContain(part);
    }
    expect((await submit({ to: 'acme-dev' })).ok).toBe(true);
    await press(await told('Transfer *20 credits* from `acme-prod` to `acme-dev`'), 'Transfer');
    await told('20 credits transferred to `acme-dev`');
    await subject.idle();
    expect(await balanceOf(subject, 'acme-dev')).toBe(1_020_000_000n);
  });

  test('a limit that is no number, mended beside its field', async () => {
    await type('/team limits acme-prod requests=many parallel=5');
    expect(textOf(await form('arguments'))).toContain('“many” is no whole number');
    expect((await submit({ requests: 'ten' })).errors?.['requests']).toContain('“ten” is no whole');
    expect((await submit({ requests: '10' })).ok).toBe(true);
    await told('Requests a minute: *10*');
  });

  test.each([
    ['/team bulk suspend org=acme', 'reason', 'say why'],
    ['/team suspend acme-prod reason="Unpaid" until=2020-01-01', 'until', '2020'],
    ['/team limits acme-prod requests=10 boost=50%', 'until', 'a boost needs an end'],
    ['/team edit acme-prod', 'alias', 'nothing to change was named'],
    ['/team alerts acme-prod chnge', 'what', '“chnge”'],
    ['/team members acme-prod add=@omar', 'add', 'members are people of the customer'],
  ])('%s: the form says it of "%s"', async (text, field, complaint) => {
    await type(text);
    const view = await form('arguments');
    const input = view.blocks.find(({ block_id: id }) => id === field);
    expect(textOf({ blocks: [input] })).toContain(complaint);
    expect(textOf(view)).toContain('acme');
  });

  test('a team that does not exist, with the one that was probably meant', async () => {
    await type('/team suspend acme-prdo until=someday');
    const shown = textOf(await form('arguments'));
    expect(shown).toContain('Did you mean “acme-prod”?');
    expect(shown).toContain('“someday” is no end');
  });

  test('what core refuses stays in the form, beside the field it is about, and changes nothing', async () => {
    await type('/team credits deduct acme-dev 5');
    await form('arguments');
    const refused = await submit({ reason: 'x'.repeat(2) + '\u0007' });
    expect(refused.errors?.['reason']).toMatch(/.{10}/);
    await subject.control.closeView({ user: MANAGER });
    await type('/team suspend acme-prod until=2020-01-01 reasn=x');
    await form('arguments');
    expect((await submit({})).errors?.['until']).toContain('it lies in the past');
  });
});

describe('menus are filled while a person types', () => {
  const ask = async (actionId: string, query: string, user = MANAGER) =>
    (await subject.control.typeahead({ user, actionId, query })).options.map(({ value }) => value);

  test('with teams, keys, models and groups', async () => {
    await type('/team key edit acme-prod');
    await form('arguments');
    expect(await ask('team', 'dev')).toEqual(['acme-dev']);
    const [key] = await subject.stores.records.keys.ofTeam('acme-prod');
    expect(await ask('key', '')).toEqual([key?.id]);
    expect(await ask('models', 'claude')).toEqual(['claude-models', 'claude-sonnet-4-5']);
    expect(await ask('models', 'gpt-4*')).toEqual(['gpt-4*']);
  });

  test('with nothing for who may not do what the form is for', async () => {
    await type('/team limits');
    await form('arguments');
    expect(await ask('team', 'acme')).toEqual(['acme-dev', 'acme-prod']);
    await type('/team limits', VIEWER);
    await form('arguments', VIEWER);
    expect(await ask('team', 'acme', VIEWER)).toEqual(['acme-dev', 'acme-prod']);
    await submit({ team: 'acme-prod', requests: '1' }, VIEWER);
    await told('needs the role *manager*', VIEWER);
  });
});

describe('help', () => {
  test.each(['/team limits help', '/team help limits', '/team limits ?', '/team limits --help'])(
    'is given on %s, with a way to the form',
    async (text) => {
      await type(text);
      const help = await told('of=requests boost=+50% until=friday');
      expect(textOf(help)).toContain('Who may change: managers');
      await press(help, 'Open the form');
      await form('arguments');
    },
  );

  test('of a word with verbs names them all', async () => {
    await type('/team help credits');
    const help = textOf(await told('/team credits policy acme-prod soft'));
    for (const verb of ['grant', 'deduct', 'refund', 'history', 'policy', 'refill']) {
      expect(help).toContain(`/team credits ${verb}`);
    }
  });

  test('a verb that is misspelled is asked about', async () => {
    await type('/team credits garnt acme-prod 5 reason=x');
    const asked = await told('Did you mean `/team credits grant acme-prod 5 reason=x`');
    await press(asked, 'Run credits grant');
    expect((await told('5 credits granted')).ephemeralFor).toBe(MANAGER);
  });
});
