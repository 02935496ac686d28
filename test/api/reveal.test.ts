import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRevealLink } from '../../src/core/keys/reveal.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';

const CHROMIUM = '/usr/bin/chromium';

let door: Door;
let teamCount = 0;

beforeAll(async () => {
  door = await openDoor();
  await door.ask('POST', '/api/organizations/create', { organization_id: 'acme', name: 'ACME' });
});
afterAll(async () => door.close());

/** A team with a link to its key, made by a clock that may go wrong. */
async function newLink(clock = door.stores.clock, groups: readonly string[] = ['gpt-models']) {
  const teamId = `acme-${(teamCount += 1)}`;
  const wish = { organization_id: 'acme', team_id: teamId, access_groups: groups };
  const made = await door.ask('POST', '/api/teams/create', wish);
  const secretKey: string = made.json.virtual_key;
  const keys = await door.stores.records.keys.ofTeam(teamId);
  const secret = await makeRevealLink(
    { ...door.stores, clock },
    { id: 'test', door: 'system' },
    {
      keyId: keys[0]?.id ?? '',
      teamId,
      secretKey,
    },
  );
  return { teamId, secretKey, secret, path: `/reveal/${secret}` };
}

describe('a link that reveals a key', () => {
  it('is not used up by looking at it, and shows no key', async () => {
    const { path, teamId, secretKey, secret } = await newLink();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const told = await door.askBare(method, path);
      expect(told.status).toBe(200);
      expect(told.text).not.toContain(secretKey);
      expect(told.text).not.toContain(secret);
    }
    expect((await door.askBare('GET', path)).text).toContain(`A key for team ${teamId}`);
  });

  it('reveals the key once, and tells afterwards that it did', async () => {
    const { path, secretKey } = await newLink();
    const opened = await door.askBare('POST', path);
    expect(opened.status).toBe(200);
    expect(opened.text).toContain(secretKey);
    expect(opened.text).toContain(`${door.url}/v1/chat/completions`);
    expect(opened.text).toContain('gpt-4o');
    // Escaped for the page; nothing of the program is left to its environment.
    expect(opened.text).toContain(`base_url=&quot;${door.url}/v1&quot;`);
    expect(opened.text).toContain(`api_key=&quot;${secretKey}&quot;`);
    expect(opened.text).not.toContain('environ');
    for (const method of ['GET', 'POST']) {
      const again = await door.askBare(method, path);
      expect(again.status).toBe(410);
      expect(again.text).toContain('already revealed');
      expect(again.text).toContain(String(new Date().getUTCFullYear()));
      expect(again.text).not.toContain(secretKey);
    }
  });

  it('shows a first call that its model answers: in the dialect of OpenAI where it can', async () => {
    const both = await newLink(undefined, ['claude-models', 'gpt-models']);
    const openai = (await door.askBare('POST', both.path)).text;
    expect(openai).toContain('/v1/chat/completions');
    expect(openai).toContain('gpt-4o');
    const { path } = await newLink(undefined, ['claude-models']);
    const anthropic = (await door.askBare('POST', path)).text;
    expect(anthropic).toContain(`${door.url}/v1/messages`);
    expect(anthropic).toContain('max_tokens');
    expect(anthropic).toContain('with the anthropic package');
    expect(anthropic).toContain(`base_url=&quot;${door.url}&quot;`);
    expect(anthropic).toContain('claude-sonnet');
  });

  it('reveals the key to exactly one of many who ask at once', async () => {
    const { path, secretKey } = await newLink();
    const told = await Promise.all(
      Array.from({ length: 8 }, async () => door.askBare('POST', path)),
    );
    expect(told.filter((each) => each.text.includes(secretKey))).toHaveLength(1);
    expect(told.filter((each) => each.status === 410)).toHaveLength(7);
  });

  it('expires, and says so; a mistyped one is unknown', async () => {
    const { path, secretKey } = await newLink(() => Date.now() - DAY_MS);
    for (const method of ['GET', 'POST']) {
      const told = await door.askBare(method, path);
      expect([told.status, told.text.includes(secretKey)]).toEqual([410, false]);
      expect(told.text).toContain('expired');
      const unknown = await door.askBare(method, '/reveal/mistyped');
      expect(unknown.status).toBe(404);
      expect(unknown.headers.get('content-type')).toContain('text/html');
    }
  });

  it('takes no forms from other sites, and is not used up by them', async () => {
    const { path, secretKey } = await newLink();
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://elsewhere.example' },
    ]) {
      const told = await door.askBare('POST', path, headers);
      expect([told.status, told.text.includes(secretKey)]).toEqual([403, false]);
    }
    const own = await door.askBare('POST', path, { origin: door.url });
    expect(own.text).toContain(secretKey);
  });

  it('forbids keeping, framing, indexing, and any script but its own', async () => {
    const { path } = await newLink();
    for (const method of ['GET', 'POST', 'GET']) {
      const { headers, text } = await door.askBare(method, path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-robots-tag')).toContain('noindex');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(text).toContain(`nonce="${nonce}"`);
      expect(text).not.toMatch(/src="http|href="http|url\(/);
    }
  });

  it('stands in no log', async () => {
    const { path, secret, secretKey } = await newLink();
    await door.askBare('GET', path);
    await door.askBare('POST', path);
    await door.askBare('PATCH', path);
    expect(door.logged()).toContain('/reveal/:secret');
    expect(door.logged()).not.toContain(secret);
    expect(door.logged()).not.toContain(secretKey);
  });

  const isBrowserHere = existsSync(CHROMIUM);
  it.skipIf(!isBrowserHere)(
    `works in a browser, which copies the key${isBrowserHere ? '' : ' (skipped: no Chromium here)'}`,
    async () => {
      const { path, secretKey, teamId } = await newLink();
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
      try {
        const context = await browser.newContext();
        await context.grantPermissions(['clipboard-read', 'clipboard-write']);
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        await page.goto(door.url + path);
        expect(await page.textContent('h1')).toBe(`A key for team ${teamId}`);
        await page.click('button');
        expect(await page.textContent('#key')).toBe(secretKey);
        await page.click('[data-copy=key]');
        await page.waitForSelector('text=Copied');
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secretKey);
        expect(complaints).toEqual([]);
        await page.goto(door.url + path);
        expect(await page.textContent('h1')).toBe('Nothing left to reveal');
      } finally {
        await browser.close();
      }
    },
  );
});
