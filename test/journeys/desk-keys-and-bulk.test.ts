// A key is rotated, and many teams are changed at once, in a browser, as people do it: through the local workspace's
// own page, and through the page that shows a key once.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOfKey } from '../../src/core/keys/virtual-key.ts';
import { openManagement } from '../api/management.ts';
import type { Management } from '../api/management.ts';
import { startBot } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { givenTeam } from '../bot/person.ts';

const CHROMIUM = '/usr/bin/chromium';

describe.skipIf(!existsSync(CHROMIUM))(
  'in a browser (needs /usr/bin/chromium, else skipped)',
  () => {
    let subject: BotUnderTest;
    let door: Management;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      const pages = async (stores: BotUnderTest['stores']) => (door = await openManagement(stores));
      [subject, browser] = await Promise.all([
        startBot({ pages }),
        chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
      ]);
      page = await browser.newPage({ viewport: { width: 1_280, height: 1_000 } });
      await page.goto(`${subject.workspace.url}/#/C0ACME`);
    });
    afterAll(async () => {
      await browser.close();
      await subject.close();
      await door.close();
    });

    async function type(command: string) {
      const box = page.getByRole('textbox', { name: 'Message #acme-prod' });
      await box.fill(command);
      await box.press('Enter');
    }
    const statusOf = async (id: string) => (await subject.stores.records.teams.find(id))?.status;

    test('a key is rotated, and its new secret is shown once on a page, and nowhere in Slack', async () => {
      const { keyId, secretKey } = await givenTeam(subject, 'acme-prod');
      const last = secretKey.slice(-4);
      await type(`/team key rotate acme-prod ${last} grace=0`);
      await page.getByRole('button', { name: 'Rotate at once' }).click();
      await page.getByText('has a new secret').first().waitFor();
      const opening = page.context().waitForEvent('page');
      await page.getByText('Reveal the key once').last().click();
      const reveal = await opening;
      await reveal.getByText('A key for team acme-prod').waitFor();
      expect(await reveal.textContent('body')).not.toMatch(/sk-[0-9a-f]{8}/);
      await reveal.getByRole('button').first().click();
      await reveal
        .getByText(/sk-[0-9a-f]{48}/)
        .first()
        .waitFor();
      const shown = /sk-[0-9a-f]{48}/.exec((await reveal.textContent('body')) ?? '')?.[0] ?? '';
      const key = await subject.stores.records.keys.find(keyId);
      expect(key?.hash).toBe(hashOfKey(shown, subject.stores.settings.keyPepper));
      expect(shown).not.toBe(secretKey);
      await reveal.goto(reveal.url());
      await reveal.getByText('already revealed').first().waitFor();
      expect(subject.control.everything()).not.toContain(shown);
    });

    test('many teams are suspended after a preview, reported, and set back', async () => {
      for (const id of ['globex-a', 'globex-b', 'globex-c']) {
        await givenTeam(subject, id, { organizationId: 'globex', channelId: undefined });
      }
      await type('/team bulk suspend org=globex reason="Unpaid invoice"');
      await page.getByText('Suspend 3 teams?').first().waitFor();
      expect(await statusOf('globex-a')).toBe('active');
      await page.getByRole('button', { name: 'Suspend 3 teams' }).click();
      await page.getByText('Suspend 3 teams: 3 done').first().waitFor();
      expect(await statusOf('globex-c')).toBe('suspended');
      await page.getByRole('button', { name: 'Undo' }).last().click();
      await page.getByText('Undo “Suspend 3 teams”: 3 done').first().waitFor();
      expect(await statusOf('globex-a')).toBe('active');
      expect(await statusOf('globex-c')).toBe('active');
    });
  },
);
