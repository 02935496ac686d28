// A top-up that needs a second pair of eyes, in two browsers, as two people do it: through the local workspace's page.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBot } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { balanceOf, givenTeam } from '../bot/person.ts';

const CHROMIUM = '/usr/bin/chromium';
const CREDIT = 1_000_000n;

describe.skipIf(!existsSync(CHROMIUM))(
  'in a browser (needs /usr/bin/chromium, else skipped)',
  () => {
    let subject: BotUnderTest;
    let browser: Browser;
    let maya: Page;
    let omar: Page;

    beforeAll(async () => {
      [subject, browser] = await Promise.all([
        startBot(),
        chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
      ]);
      await givenTeam(subject, 'acme-prod');
      maya = await pageOf('Maya Lindqvist', 'C0ACME');
      omar = await pageOf('Omar Haddad', 'C0OPS');
    });
    afterAll(async () => {
      await browser.close();
      await subject.close();
    });

    async function pageOf(who: string, channel: string): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1_180, height: 900 } });
      const page = await context.newPage();
      await page.goto(`${subject.workspace.url}/#/${channel}`);
      await page.getByRole('button', { name: who }).first().click();
      return page;
    }

    test('a manager asks, an approver sees all there is to know and approves, both see the outcome', async () => {
      const box = maya.getByRole('textbox', { name: 'Message #acme-prod' });
      await box.fill('/team topup acme-prod 25k reason="Invoice 2026-114"');
      await box.press('Enter');
      await maya.getByText('This needs a second pair of eyes').waitFor();
      expect(await balanceOf(subject, 'acme-prod')).toBe(1_000n * CREDIT);

      await omar.getByText('Approval needed · Top up acme-prod: 25,000 credits').waitFor();
      for (const part of ['Invoice 2026-114', '26,000 credits', 'Spend, 30 days', 'expires']) {
        await omar.getByText(part).first().waitFor();
      }
      await omar.getByRole('button', { name: 'Approve', exact: true }).click();
      await omar.getByText('The balance was 26,000 credits right after.').first().waitFor();
      await omar.getByRole('button', { name: 'Approve', exact: true }).waitFor({ state: 'hidden' });

      await maya.getByText('The balance was 26,000 credits right after.').first().waitFor();
      expect(await balanceOf(subject, 'acme-prod')).toBe(26_000n * CREDIT);
    });
  },
);
