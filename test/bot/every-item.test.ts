// Every command, subcommand, button, form, menu, shortcut and event of the registries, used at least once in a
// real workspace, over both of Slack's ways to the bot; and each delivery once more, as Slack does in doubt.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MANAGER, ROLES, startBot, textOf } from './bot-for-tests.ts';
import type { BotUnderTest } from './bot-for-tests.ts';
import { BUTTON_ROWS } from './every-item/button-rows.ts';
import { CATALOG_ROWS } from './every-item/catalog-rows.ts';
import { createDesk, deliveredDuring, effectsOf, OWNER } from './every-item/desk.ts';
import type { Desk } from './every-item/desk.ts';
import { ASKED_IN_FORMS, ITEMS } from './every-item/items.ts';
import { FORM_ROWS } from './every-item/form-rows.ts';
import { ORGANIZATION_ROWS } from './every-item/organization-rows.ts';
import { TYPED_ROWS } from './every-item/typed-rows.ts';
import { givenTeam } from './person.ts';

const ROWS = [...TYPED_ROWS, ...ORGANIZATION_ROWS, ...CATALOG_ROWS, ...BUTTON_ROWS, ...FORM_ROWS];

test('each item of the registries has one row, and each row is an item', () => {
  expect(ROWS.map(({ item }) => item).toSorted()).toEqual(ITEMS.toSorted());
});

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  let subject: BotUnderTest;
  let desk: Desk;
  const used = new Set<string>();

  beforeAll(async () => {
    subject = await startBot({
      mode,
      roles: { ...ROLES, owners: [OWNER] },
      approvals: { perPersonPerDay: null, urgentOwn: true },
    });
    desk = createDesk(subject);
    await givenTeam(subject, 'acme-prod');
    await givenTeam(subject, 'acme-dev');
    await givenTeam(subject, 'globex-prod', { organizationId: 'globex', channelId: undefined });
  });
  beforeEach(() => desk.begin());
  afterEach(async () => desk.closeForms());
  afterAll(async () => subject.close());

  test.each(ROWS)('$item $does, and does nothing more when it comes again', async (row) => {
    const { envelopes, items } = await deliveredDuring(subject, async () => row.use(desk));
    expect(items).toContain(row.item);
    used.add(row.item);
    await subject.idle();
    const effects = await effectsOf(subject);
    for (const envelope of envelopes) {
      expect(await subject.control.redeliver(envelope)).toMatchObject({ outcome: 'acknowledged' });
    }
    await subject.idle();
    expect(await effectsOf(subject)).toEqual(effects);
  });

  test.each(ASKED_IN_FORMS)('%s without its words opens a form', async (text) => {
    await desk.type(text, text.startsWith('/quartermaster') ? OWNER : MANAGER);
    const view = await subject.control.waitForView(({ submit }) => submit !== undefined);
    expect(textOf(view)).toContain('"type":"input"');
  });

  test('every item was used, and nothing failed on the way', () => {
    expect([...used].toSorted()).toEqual(ITEMS.toSorted());
    expect(subject.control.everything()).not.toContain('went wrong on our side');
  });
});
