// Takes pictures of what the bot shows, as the local workspace's own page draws it.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { Secret } from '../../src/config/secret.ts';
import { createRevealGuesses } from '../../src/storage/reveal-guesses.ts';
import { APPROVER, MANAGER, ROLES, startBot, VIEWER } from '../bot/bot-for-tests.ts';
import type { BotUnderTest } from '../bot/bot-for-tests.ts';
import { createDesk } from '../bot/every-item/desk.ts';
import type { Desk } from '../bot/every-item/desk.ts';
import { openManagement } from '../api/management.ts';
import { waitFor } from '../support/wait-for.ts';
import { withFewColours } from './few-colours.ts';
import { PICTURE_MAX_BYTES } from './limits.ts';

/** Where they are kept. */
export const PICTURES = path.join(import.meta.dirname, '../../docs/images/desk');
/** Wide enough for a line of Slack, high enough for the longest card. */
const VIEWPORT = { width: 900, height: 2_000 };
/** As people have it in front of them. */
const WINDOW = { width: 1_280, height: 900 };
/** Four entries of a ledger, and the buttons below them. */
const FOOT_HEIGHT = 260;
const NOWHERE = { x: 0, y: 0, width: 0, height: 0 };
const WAIT_MS = 10_000;
/** A form is shown whole, and what lies behind its round corners is no part of it. */
const WHOLE_FORMS =
  '.dialog::backdrop { background: #fff; } .dialog, .dialog-form { max-height: none; }';
/** Who gives and takes roles in the workspace of the pictures. */
export const OWNER = 'U0OWNER';

export interface Shown {
  readonly stamp: string;
  readonly channel: string;
  readonly ephemeralFor?: string;
}

export interface Studio {
  readonly desk: Desk;
  readonly subject: BotUnderTest;
  /** Where pages behind links ask for a passphrase. */
  readonly guarded: string;
  /** Does this so much later, as the bot and everybody's pages tell the time. */
  later(ms: number, work: () => Promise<void>): Promise<void>;
  /** Of one message, in its channel, as this person sees it. */
  message(name: string, shown: Shown, user?: string): Promise<void>;
  /** Of the last lines of a long one, with its buttons. */
  foot(name: string, shown: Shown): Promise<void>;
  /** Of messages that follow each other. */
  messages(name: string, shown: readonly Shown[]): Promise<void>;
  /** Of the message that brings the file which a command has sent. */
  file(name: string, text: string, ending: string): Promise<void>;
  /** Of the whole page, with a manager in this room. */
  room(name: string, room: string): Promise<void>;
  /** Of a person's home tab. */
  home(name: string, user: string): Promise<void>;
  /** Of the form on top. */
  form(name: string, user?: string): Promise<void>;
  /** Of a page that a link leads to, after each of the clicks. */
  page(name: string, url: string, ...clicks: readonly string[]): Promise<void>;
  /** Closes what stands open, so that it is in front of no other picture. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export async function openStudio(): Promise<Studio> {
  let management: Awaited<ReturnType<typeof openManagement>> | undefined;
  const subject = await startBot({
    roles: { ...ROLES, owners: [OWNER] },
    pages: async (stores) => (management = await openManagement(stores)),
  });
  const guarded = await openManagement(subject.stores, {
    reveal: {
      settings: {
        passphrase: new Secret('of the pictures'),
        signOnHeader: undefined,
        trustedProxies: [],
      },
      guesses: createRevealGuesses(subject.gate.connection.redis, subject.namespace),
    },
  });
  const desk = createDesk(subject);
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
    await page.clock.setFixedTime(subject.stores.clock());
    await page.goto(`${subject.workspace.url}/#/${room}`);
    return page;
  }

  await mkdir(PICTURES, { recursive: true });

  async function keep(name: string, taken: Promise<Buffer>): Promise<void> {
    const bytes = await withFewColours(await taken);
    if (bytes.length > PICTURE_MAX_BYTES) {
      throw new Error(`${name} has ${bytes.length} bytes, at most ${PICTURE_MAX_BYTES} are wanted`);
    }
    await writeFile(path.join(PICTURES, `${name}.png`), bytes);
  }

  /** Of what these messages cover together. */
  async function together(name: string, shown: readonly Shown[], user: string): Promise<void> {
    const page = await at(user, shown[0]?.channel ?? '');
    const boxes: (typeof NOWHERE)[] = [];
    for (const { stamp } of shown) {
      const drawn = page.locator(`[data-stamp="${stamp}"]`);
      await drawn.waitFor();
      boxes.push((await drawn.boundingBox()) ?? NOWHERE);
    }
    const y = Math.min(...boxes.map((box) => box.y));
    const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
    const { x = 0, width = 0 } = boxes[0] ?? {};
    await keep(name, page.screenshot({ clip: { x, y, width, height } }));
  }

  return {
    subject,
    desk,
    guarded: guarded.url,
    async later(ms, work) {
      const { clock } = subject.stores;
      Object.assign(subject.stores, { clock: () => clock() + ms });
      await work().finally(() => Object.assign(subject.stores, { clock }));
    },
    async message(name, shown, user = shown.ephemeralFor ?? MANAGER) {
      const page = await at(user, shown.channel);
      const drawn = page.locator(`[data-stamp="${shown.stamp}"]`);
      await drawn.waitFor();
      await keep(name, drawn.screenshot());
    },
    async foot(name, shown) {
      const page = await at(MANAGER, shown.channel);
      const drawn = page.locator(`[data-stamp="${shown.stamp}"]`);
      await drawn.waitFor();
      const { x, y, width, height } = (await drawn.boundingBox()) ?? NOWHERE;
      const clip = { x, y: y + height - FOOT_HEIGHT, width, height: FOOT_HEIGHT };
      await keep(name, page.screenshot({ clip }));
    },
    messages: async (name, shown) => together(name, shown, MANAGER),
    async file(name, text, ending) {
      const since = desk.begin();
      await desk.type(text);
      await desk.told('is in our own conversation');
      const brought = await subject.control.waitForMessage(
        ({ stamp, files }) =>
          stamp > since && files.some((file) => String(file['name']).endsWith(ending)),
      );
      const page = await at(MANAGER, 'app/messages');
      const drawn = page.locator(`[data-stamp="${brought.stamp}"]`);
      await drawn.waitFor();
      await page.waitForFunction('[...document.images].every((image) => image.complete)');
      await keep(name, drawn.screenshot());
    },
    async room(name, room) {
      const page = await at(MANAGER, room);
      await page.setViewportSize(WINDOW);
      await page.locator('[data-stamp]').last().scrollIntoViewIfNeeded();
      await keep(name, page.screenshot());
      await page.setViewportSize(VIEWPORT);
    },
    async home(name, user) {
      await subject.control.openHome({ user });
      await subject.idle();
      const page = await at(user, 'app/home');
      const drawn = page.locator('#room-body > *').first();
      await drawn.waitFor();
      // Of the page: the tab may be drawn anew while it is looked at.
      const clip = await waitFor(async () => drawn.boundingBox(), { what: `the home of ${user}` });
      await keep(name, page.screenshot({ clip }));
    },
    async form(name, user = MANAGER) {
      const page = await at(user, 'C0ACME');
      const dialog = page.getByRole('dialog').last();
      await dialog.waitFor();
      await page.addStyleTag({ content: WHOLE_FORMS });
      await keep(name, dialog.screenshot());
    },
    async tidy() {
      for (const user of [MANAGER, APPROVER, VIEWER, OWNER]) {
        if (subject.control.views({ user }).length > 0) {
          await subject.control.closeView({ user, all: true });
        }
      }
    },
    async page(name, url, ...clicks) {
      const other = await browser.newPage({ viewport: { width: 760, height: 560 } });
      await other.goto(url);
      for (const label of clicks) {
        await other.getByRole('button', { name: label }).click();
      }
      await other.waitForLoadState('load');
      await keep(name, other.screenshot({ fullPage: true }));
      await other.close();
    },
    async close() {
      await browser.close();
      await subject.close();
      await Promise.all([management?.close(), guarded.close()]);
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
