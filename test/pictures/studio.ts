// Takes pictures of what the bot shows, as the local workspace's own page draws it.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { MANAGER, startBot } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { createDesk } from '../bot/every-item/desk.ts';
import type { Desk } from '../bot/every-item/desk.ts';
import { openManagement } from '../api/management.ts';
import { PICTURE_MAX_BYTES } from './limits.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/images/desk');
/** Wide enough for a line of Slack, high enough for the longest card. */
const VIEWPORT = { width: 900, height: 2_000 };
const WAIT_MS = 10_000;
/** What a person sees of their home before they scroll. */
const HOME_HEIGHT = 680;

export interface Studio {
  readonly desk: Desk;
  readonly subject: BotUnderTest;
  /** Of one message, in its channel. */
  message(
    name: string,
    shown: { readonly stamp: string; readonly channel: string; readonly ephemeralFor?: string },
  ): Promise<void>;
  /** Of a person's home tab. */
  home(name: string): Promise<void>;
  /** Of the form on top. */
  form(name: string): Promise<void>;
  /** Of a page that a link leads to, after each of the clicks. */
  page(name: string, url: string, ...clicks: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openStudio(): Promise<Studio> {
  let management: Awaited<ReturnType<typeof openManagement>> | undefined;
  const subject = await startBot({
    pages: async (stores) => (management = await openManagement(stores)),
  });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const seats = new Map<string, Promise<Page>>();

  /** A browser of this person's own, as they see the workspace, in a room. */
  async function at(user: string, room: string): Promise<Page> {
    const seat = seats.get(user) ?? seated(browser, subject.workspace.url, user);
    seats.set(user, seat);
    const page = await seat;
    // Anew, so that nothing of the last picture stands there: no focus, no popover.
    await page.goto('about:blank');
    await page.goto(`${subject.workspace.url}/#/${room}`);
    return page;
  }

  await mkdir(FOLDER, { recursive: true });

  async function keep(name: string, taken: Promise<Buffer>): Promise<void> {
    const bytes = await taken;
    if (bytes.length > PICTURE_MAX_BYTES) {
      throw new Error(`${name} has ${bytes.length} bytes, at most ${PICTURE_MAX_BYTES} are wanted`);
    }
    await writeFile(path.join(FOLDER, `${name}.png`), bytes);
  }

  return {
    subject,
    desk: createDesk(subject),
    async message(name, { stamp, channel, ephemeralFor = MANAGER }) {
      const page = await at(ephemeralFor, channel);
      const drawn = page.locator(`[data-stamp="${stamp}"]`);
      await drawn.waitFor();
      await keep(name, drawn.screenshot());
    },
    async home(name) {
      await subject.control.openHome({ user: MANAGER });
      await subject.idle();
      const page = await at(MANAGER, 'app/home');
      const drawn = page.locator('#room-body > *').first();
      await drawn.waitFor();
      const box = await page.locator('#room-body').boundingBox();
      const clip = { x: 0, y: 0, width: 0, ...box, height: HOME_HEIGHT };
      await keep(name, page.screenshot({ clip }));
    },
    async form(name) {
      const page = await at(MANAGER, 'C0ACME');
      const dialog = page.getByRole('dialog').last();
      await dialog.waitFor();
      // What lies behind its round corners is no part of it.
      await page.addStyleTag({ content: '.dialog::backdrop { background: #fff; }' });
      await keep(name, dialog.screenshot());
      await createDesk(subject).closeForms();
    },
    async page(name, url, ...clicks) {
      const other = await browser.newPage({ viewport: { width: 760, height: 560 } });
      await other.goto(url);
      for (const label of clicks) {
        await other.getByRole('button', { name: label }).click();
      }
      await other.waitForLoadState('load');
      await keep(name, other.screenshot());
      await other.close();
    },
    async close() {
      await browser.close();
      await subject.close();
      await management?.close();
    },
  };
}

async function seated(browser: Browser, url: string, user: string): Promise<Page> {
  const page = await browser.newPage({
    viewport: VIEWPORT,
    colorScheme: 'light',
    // The page lets no style in but its own; a picture needs one.
    bypassCSP: true,
  });
  page.setDefaultTimeout(WAIT_MS);
  await page.goto(url);
  await page.locator(`[data-user="${user}"]`).click();
  return page;
}
