// What the README promises a newcomer, by the whole product: every process, the page, the reveal page,
// the official client.

import { existsSync } from 'node:fs';
import OpenAI from 'openai';
import { PermissionDeniedError } from 'openai';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestHome, REAL_SUPERVISOR } from '../support/supervised.ts';
import type { TestHome } from '../support/supervised.ts';

const CHROMIUM = '/usr/bin/chromium';
const messages = [{ role: 'user' as const, content: 'Tell me a story' }];

describe.skipIf(!existsSync(CHROMIUM))('five minutes (needs /usr/bin/chromium)', () => {
  let home: TestHome;
  let browser: Browser;
  let page: Page;
  let local: { url: string; adminKey: string; workspaceUrl: string };
  let client: OpenAI;

  beforeAll(async () => {
    home = await createTestHome(REAL_SUPERVISOR);
    await home.startReady();
    local = await home.read('local.json');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    page = await browser.newPage();
    await page.goto(`${local.workspaceUrl}/#/C0ACME`);
  });
  afterAll(async () => {
    await browser.close();
    await home.close();
  });

  const type = async (text: string): Promise<void> => {
    const box = page.getByRole('textbox', { name: 'Message #acme-prod' });
    await box.fill(text);
    await box.press('Enter');
  };
  const balance = async (teamId: string) => {
    const response = await fetch(`${local.url}/api/credits/balance?team_id=${teamId}`, {
      headers: { authorization: `Bearer ${local.adminKey}` },
    });
    return (await response.json()) as { credits_remaining: number; credits_used: number };
  };
  const call = async () => client.chat.completions.create({ model: 'gpt-4o', messages });

  test('a team is created in Slack, and its key is revealed once, outside of Slack', async () => {
    await type('/team create acme-prod org=acme credits=10 groups=gpt-models');
    const link = page.getByRole('link', { name: 'Reveal the key once' });
    const address = (await link.getAttribute('href')) ?? '';
    const reveal = await browser.newPage();
    await reveal.goto(address);
    await reveal.getByRole('button', { name: /reveal/iu }).click();
    await reveal
      .getByText(/sk-[0-9a-f]{48}/u)
      .first()
      .waitFor();
    const secretKey = /sk-[0-9a-f]{48}/u.exec(await reveal.content())?.[0] ?? '';
    client = new OpenAI({ apiKey: secretKey, baseURL: `${local.url}/v1`, maxRetries: 0 });
    await reveal.goto(address);
    expect(await reveal.content()).not.toContain(secretKey);
    expect(await reveal.textContent('body')).toMatch(/already/iu);
    expect(await page.content()).not.toContain(secretKey);
    await reveal.close();
  });

  test('a call takes a credit, seen at once by API and in Slack', async () => {
    const answer = await call();
    expect(answer.choices[0]?.message.content).toBeTruthy();
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages,
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe(answer.choices[0]?.message.content);
    expect(await balance('acme-prod')).toMatchObject({ credits_remaining: 8, credits_used: 2 });
    await type('/team show acme-prod');
    await page.getByText('8 credits').first().waitFor();
  });

  test('a suspended team gets 403 on its next call, and passes again when resumed', async () => {
    await type('/team suspend acme-prod');
    await page.getByRole('button', { name: 'Keep it running' }).waitFor();
    await page.getByRole('button', { name: 'Suspend', exact: true }).last().click();
    await page.getByText('Suspended: team acme-prod, by').waitFor();
    await expect(call()).rejects.toThrow(PermissionDeniedError);
    await type('/team resume acme-prod');
    await page.getByText('Resumed: team acme-prod, by').waitFor();
    await call();
  });

  test('at a fifth of the credits the channel gets one alert, whose button tops up', async () => {
    for (let left = 7; left > 2; left -= 1) {
      await call();
    }
    const alert = page.getByText('acme-prod is low on credits');
    await alert.waitFor();
    await page.getByRole('button', { name: 'Top up' }).last().click();
    const modal = page.getByRole('dialog');
    await modal.locator('[data-action=credits]').fill('500');
    await modal.locator('[data-action=reason]').fill('Invoice 17');
    await modal.locator('[data-submit]').click();
    await page.getByText('Resolved: acme-prod was topped up, now 502 credits').waitFor();
    expect(await alert.count()).toBe(0);
    expect((await balance('acme-prod')).credits_remaining).toBe(502);
  });
});
