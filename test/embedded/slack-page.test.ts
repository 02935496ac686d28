import { existsSync } from 'node:fs';
import type { App } from '@slack/bolt';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorkspace, type RunningWorkspace } from '../../src/embedded/slack/workspace.ts';
import { socketApp } from './slack-app.ts';

const CHROMIUM = '/usr/bin/chromium';

describe.skipIf(!existsSync(CHROMIUM))('the page (needs /usr/bin/chromium, else skipped)', () => {
  let browser: Browser;
  let workspace: RunningWorkspace;
  let app: App;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser.close();
  });

  beforeEach(async () => {
    workspace = await startWorkspace({ port: 0, commands: ['/credits', '/slow'] });
    app = socketApp(workspace);
    await app.start();
    page = await browser.newPage();
    faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => {
      if (line.type() === 'error') {
        faults.push(line.text());
      }
    });
    await page.goto(`${workspace.url}/#/C0ACME`);
  });

  afterEach(async () => {
    await page.close();
    await app.stop();
    await workspace.close();
  });

  test('a person types a command, fills the modal in, and another one presses the button', async () => {
    const box = page.getByRole('textbox', { name: 'Message #acme-prod' });
    await box.fill('/credits');
    await box.press('Enter');
    const modal = page.getByRole('dialog', { name: 'Top up' });
    await modal.locator('[data-action=amount]').fill('5000');
    await modal.locator('[data-action=team]').click();
    await page.getByRole('textbox', { name: 'Search' }).fill('acme-p');
    await page.getByRole('option', { name: 'acme-prod' }).click();

    await modal.locator('[data-submit]').click();
    await modal.getByText('At most 1000.').waitFor();
    expect(await modal.locator('[data-action=team]').textContent()).toBe('acme-prod');
    await modal.locator('[data-action=amount]').fill('400');
    await modal.locator('[data-submit]').click();
    await modal.waitFor({ state: 'detached' });

    await page.getByRole('link', { name: 'quartermaster-ops' }).click();
    await page.getByText('400 credits for acme-prod?').first().waitFor();
    await page.getByRole('button', { name: /Omar Haddad/u }).click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('Approved by').waitFor();
    const [message] = workspace.control.messages({ channel: 'C0OPS' });
    expect(message?.text).toBe('Approved by <@U0APPROVER>');
    expect(faults).toEqual([]);
  });

  test('a failed command is told to the person who typed it and to nobody else', async () => {
    const box = page.getByRole('textbox', { name: 'Message #acme-prod' });
    await box.fill('/nope');
    await box.press('Enter');
    await page.getByText('is not a valid command').waitFor();
    await page.getByText('Only visible to you').waitFor();
    await page.getByRole('button', { name: /Vera Novak/u }).click();
    await page.getByText('is not a valid command').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  test('markup in a message is shown as text and never becomes part of the page', async () => {
    await workspace.control.say({
      user: 'U0VIEWER',
      channel: 'C0ACME',
      text: '<img src=x onerror=alert(1)> *bold* <javascript:alert(1)|click>',
    });
    await page.getByText('bold').waitFor();
    expect(await page.locator('.message img').count()).toBe(0);
    expect(await page.locator('.message a[href^="javascript"]').count()).toBe(0);
    expect(await page.locator('.message strong', { hasText: 'bold' }).count()).toBe(1);
  });

  test('the page says when the app is not connected, and the home tab is drawn when it is', async () => {
    await page.getByRole('link', { name: 'Quartermaster Connected' }).click();
    await page.getByRole('heading', { name: 'Your teams' }).waitFor();
    await app.stop();
    await page.getByText('Quartermaster is not connected').waitFor();
    expect(faults).toEqual([]);
  });
});
