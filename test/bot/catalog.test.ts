// Models, access groups and plans, and whom they are given to.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APPROVER, MANAGER, ROLES, startBot, textOf, VIEWER } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { givenTeam, people } from './person.ts';

let subject: BotUnderTest;
const { type, told, form, press } = people(() => subject);

beforeAll(async () => {
  subject = await startBot({ roles: { ...ROLES, owners: [APPROVER] } });
  await givenTeam(subject, 'acme-prod');
});
afterEach(async () => {
  for (const user of [MANAGER, APPROVER]) {
    if (subject.control.views({ user }).length > 0) {
      await subject.control.closeView({ user, all: true });
    }
  }
});
afterAll(async () => subject.close());

const organization = async () => subject.stores.records.organizations.find('acme');

describe('a model', () => {
  test('is made without a secret: what is typed as one is asked back and kept nowhere', async () => {
    const command = '/models new quick provider=openai upstream=gpt-4o-mini';
    await type(`${command} key=sk-live-never-kept`);
    const view = await form('arguments');
    expect(textOf(view)).toContain('“key=” is not known');
    expect(textOf(view)).not.toContain('sk-live-never-kept');
    expect(await subject.stores.records.catalog.model('quick')).toBeUndefined();
  });

  test('costs what was said, and is switched off and on again by buttons', async () => {
    await type('/models new slow provider=openai upstream=gpt-4o input=$2.50 output=$10');
    const made = await told('Model `slow` is made');
    expect(textOf(made)).toContain('$2.50 in, $10.00 out');
    await press(made, 'Switch off');
    await press(await told('requests for it get 404'), 'Undo');
    await subject.idle();
    const model = await subject.stores.records.catalog.model('slow');
    expect(model).toMatchObject({
      status: 'active',
      price: { inputPicoUsdPerToken: 2_500_000n, outputPicoUsdPerToken: 10_000_000n },
    });
  });

  test('of the configuration file is shown, and changed there alone', async () => {
    await type('/models show gpt-4o');
    await told('from the configuration file, and changed there');
    await type('/models delete gpt-4o');
    await told('stands in the configuration file');
    await type('/models edit gpt-4o status=inactive', VIEWER);
    await told('needs the role *manager*', VIEWER);
    const { models } = await subject.stores.records.catalog.ofFile();
    expect(models).toContain('gpt-4o');
  });
});

describe('an access group', () => {
  test('that teams have is not deleted, and they are named', async () => {
    await type('/models group new small models=gpt-4o-mini');
    await told('Access group `small` is made');
    await type('/team models acme-prod add=small');
    await told('(`small`):');
    await type('/models group delete small');
    expect(textOf(await told('still in use'))).toContain('acme-prod');
  });

  test('of the file keeps what the file says of it', async () => {
    await type('/models group edit gpt-models remove=gpt-4o');
    await told("Access group 'gpt-models' stands in the configuration file");
    const groups = await subject.stores.records.accessGroups.list();
    expect(groups.find(({ name }) => name === 'gpt-models')?.aliases).toContain('gpt-4o');
  });
});

describe('an organization', () => {
  test('is confined to models, by names that are served, and freed by a button', async () => {
    await type('/org models acme only=gpt-modles');
    expect(textOf(await form('arguments'))).toContain('perhaps “gpt-models” is meant');
    await subject.control.closeView({ user: MANAGER, all: true });
    await type('/org models acme add=gpt-4o');
    expect(textOf(await form('arguments'))).toContain('its teams may use all models');
    await subject.control.closeView({ user: MANAGER, all: true });
    await type('/org models acme only=gpt-models,claude-*');
    const said = await told('Changed, from the next call on');
    expect((await organization())?.models).toEqual(['gpt-models', 'claude-*']);
    await press(said, 'Undo');
    await told('all models');
    expect((await organization())?.models).toEqual([]);
  });

  test('says how long its calls are kept', async () => {
    await type('/org set acme retention=90d');
    await told('90 days');
    expect((await organization())?.usageRetentionDays).toBe(90);
    await type('/org set acme retention=2d');
    expect(textOf(await form('arguments'))).toContain('whole number from 35');
    await subject.control.closeView({ user: MANAGER, all: true });
    await type('/org set acme retention=off');
    await told('as long as the configuration says');
  });
});

describe('a plan', () => {
  test('is for owners to make and to give, for everybody to see', async () => {
    await type('/quartermaster plan new free requests=10');
    await told('needs the role *owner*');
    await type('/quartermaster plan new free requests=10 max=$5', APPROVER);
    expect(textOf(await form('arguments', APPROVER))).toContain('say when the budget starts over');
    await subject.control.submitView({ user: APPROVER, values: { every: '30d' } });
    await told('Plan `free` is made', APPROVER);
    await type('/quartermaster plan follow free org=acme', APPROVER);
    await told('Organization acme follows the plan `free`', APPROVER);
    expect((await organization())?.ceilings.limits).toMatchObject([{ kind: 'requests', max: 10 }]);
    await type('/quartermaster plan follow none org=acme', APPROVER);
    await told('follows no plan any more', APPROVER);
    expect((await organization())?.ceilings.limits).toEqual([]);
  });
});

test.each([
  ['/models show gpt-4', 'There is no model “gpt-4”. Did you mean “gpt-4.1”', 'model'],
  ['/models group gpt-modles', 'access group “gpt-modles”. Did you mean “gpt-models”?', 'group'],
  ['/quartermaster plan follow fre team=acme-prod', 'Did you mean “free”?', 'plan'],
])('a name that nobody knows is asked about beside its field: %s', async (text, said, field) => {
  await type(text, APPROVER);
  const view = await form('arguments', APPROVER);
  const input = view.blocks.find(({ block_id: id }) => id === field);
  expect(textOf({ blocks: [input] })).toContain(said);
});
