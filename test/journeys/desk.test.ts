// What account managers do all day, in a browser, as people do it: through the local workspace's own page.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setAlertPolicy } from '../../src/core/alerts/handle.ts';
import { watchLowCredit } from '../../src/core/alerts/low-credit.ts';
import { SYSTEM } from '../../src/core/audit/audit.ts';
import { MANAGER, startBot } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { givenTeam } from '../bot/person.ts';
import { callsOf } from '../bot/refused.ts';
import { spend } from '../bot/usage.ts';

const CHROMIUM = '/usr/bin/chromium';

describe.skipIf(!existsSync(CHROMIUM))(
  'in a browser (needs /usr/bin/chromium, else skipped)',
  () => {
    let subject: BotUnderTest;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      [subject, browser] = await Promise.all([
        startBot(),
        chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
      ]);
      page = await browser.newPage({ viewport: { width: 1_280, height: 1_000 } });
      await page.goto(`${subject.workspace.url}/#/C0ACME`);
    });
    afterAll(async () => {
      await browser.close();
      await subject.close();
    });

    async function type(command: string) {
      const box = page.getByRole('textbox', { name: 'Message #acme-prod' });
      await box.fill(command);
      await box.press('Enter');
    }

    test('a customer is onboarded in one form, and a message to send on stands there', async () => {
      await type('/org onboard globex name="Globex" credits=10k groups=gpt-models');
      const modal = page.getByRole('dialog', { name: 'Onboard a customer' });
      await modal.locator('[data-submit]').click();
      await modal.waitFor({ state: 'hidden' });
      await page.getByText('Ready to be sent to the client').waitFor();
      await page.getByText('globex-prod', { exact: false }).first().waitFor();
      const shown = await page.textContent('body');
      expect(shown).toContain('Base URL: http://127.0.0.1:4000/v1');
      expect(shown).not.toMatch(/sk-[0-9a-f]{8}/);
      expect(await subject.stores.records.teams.find('globex-prod')).toBeDefined();
    });

    test('a form that is longer than the window scrolls in one place', async () => {
      await givenTeam(subject, 'acme-form');
      await type('/team limits acme-form boost=50');
      const modal = page.getByRole('dialog', { name: 'Team limits' });
      await modal.waitFor();
      const hidden = await modal.evaluate((form) => form.scrollHeight - form.clientHeight);
      expect(hidden).toBe(0);
      await modal.getByRole('button', { name: 'Cancel' }).click();
      await modal.waitFor({ state: 'hidden' });
    });

    test('low credit is seen, taken on, topped up from its own message, and stands there as over', async () => {
      await givenTeam(subject, 'acme-low');
      const policy = { creditPercents: [50, 20], owner: MANAGER };
      await setAlertPolicy(subject.stores, SYSTEM, { kind: 'team', teamId: 'acme-low' }, policy);
      await spend(subject, 'acme-low', 600n);
      await watchLowCredit(subject.stores);
      await page.getByText('acme-low is low on credits').waitFor();
      await spend(subject, 'acme-low', 300n);
      await watchLowCredit(subject.stores);
      await page.getByText('Fell to 20 %').waitFor();
      await page.getByRole('button', { name: "I'm on it" }).click();
      await page.getByText('sees to it since').waitFor();
      await page.getByRole('button', { name: 'Top up', exact: true }).last().click();
      const modal = page.getByRole('dialog', { name: 'Top up' });
      await modal.locator('[data-action=credits]').fill('900');
      await modal.locator('[data-action=reason]').fill('Invoice 11');
      await modal.locator('[data-submit]').click();
      await page.getByText('Added 900 credits').first().waitFor();
      await watchLowCredit(subject.stores);
      await page.getByText('was topped up, now 1,000 credits').first().waitFor();
      await page.getByText('Topped up: 1,000 credits').waitFor();
      const roots = subject.control
        .messages({ channel: 'C0ACME' })
        .filter(({ text, threadStamp }) => threadStamp === undefined && text.includes('acme-low'));
      expect(roots.filter(({ text }) => /low on credits|Resolved/.test(text))).toHaveLength(1);
      const thread = subject.control
        .messages({ channel: 'C0ACME' })
        .filter(({ threadStamp }) => threadStamp !== undefined)
        .map(({ text }) => text)
        .join('\n');
      expect(thread).toMatch(/Fell to 20 %[^]*sees to it[^]*Topped up: 1,000 credits/);
      expect(await subject.stores.records.alerts.openOf('acme-low')).toEqual([]);
    });

    test('why calls are refused is asked, cured with one button, and asked again', async () => {
      await givenTeam(subject, 'acme-prod', { credits: '0' });
      await callsOf(subject, 'acme-prod', { calls: 4 });
      await type('/team explain acme-prod');
      await page.getByText('is refused at the moment').waitFor();
      await page.getByText('too few credits').first().waitFor();
      await page.getByRole('button', { name: 'Top up' }).last().click();
      const modal = page.getByRole('dialog', { name: 'Top up' });
      await modal.locator('[data-action=credits]').fill('500');
      await modal.locator('[data-action=reason]').fill('Invoice 12');
      await modal.locator('[data-submit]').click();
      await page.getByText('Added 500 credits').first().waitFor();
      await type('/team explain acme-prod');
      await page.getByText('Nothing stands in the way').waitFor();
      expect(await callsOf(subject, 'acme-prod')).toEqual([]);
    });
  },
);
