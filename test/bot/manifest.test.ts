import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { hintOf } from '../../src/bot/commands/help.ts';
import { COMMANDS } from '../../src/bot/commands/registry.ts';
import { SHORTCUTS } from '../../src/bot/shortcuts.ts';
import { DEFAULT_COMMANDS, DEFAULT_SHORTCUTS } from '../../src/embedded/slack/seed.ts';

const root = path.join(import.meta.dirname, '../..');

interface Manifest {
  display_information: { name: string; description: string };
  features: {
    slash_commands: Record<string, unknown>[];
    shortcuts: Record<string, unknown>[];
    app_home: Record<string, boolean>;
  };
  oauth_config: { scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { bot_events: string[] };
    interactivity: { is_enabled: boolean };
    socket_mode_enabled: boolean;
  };
}

const manifest = parse(await readFile(path.join(root, 'manifest.yml'), 'utf8')) as Manifest;

async function sources(): Promise<string> {
  const folder = path.join(root, 'src/bot');
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts'));
  return (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join(
    '\n',
  );
}

/** What each method of the Web API needs; a method that is not here fails the test below. */
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  'auth.test': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write', 'im:write'],
  'chat.update': ['chat:write'],
  'conversations.history': [
    'channels:history',
    'groups:history',
    'im:history',
    'metadata.message:read',
  ],
  'conversations.join': ['channels:join'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.uploadV2': ['files:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

test('the manifest has exactly the commands of the registry, with their hints', () => {
  expect(manifest.features.slash_commands).toEqual(
    COMMANDS.map((command) => ({
      command: command.name,
      description: command.says,
      usage_hint: hintOf(command),
      // Mentions and channels must arrive with their ids.
      should_escape: true,
    })),
  );
});

test('the manifest and the local workspace have exactly the shortcuts that are answered', () => {
  expect(manifest.features.shortcuts).toEqual(
    SHORTCUTS.map(({ name, type, callbackId, description }) => ({
      name,
      type,
      callback_id: callbackId,
      description,
    })),
  );
  expect(DEFAULT_SHORTCUTS).toEqual(
    SHORTCUTS.map(({ callbackId, type, name }) => ({ callbackId, type, name })),
  );
});

test("the manifest keeps Slack's own rules", () => {
  expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
  expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
  // https://docs.slack.dev/reference/app-manifest: lengths of the texts that people see.
  for (const { command, description, usage_hint: hint } of manifest.features.slash_commands) {
    expect(String(command)).toMatch(/^\/[a-z0-9_-]{1,31}$/);
    expect(String(description).length).toBeLessThanOrEqual(2_000);
    expect(String(hint).length).toBeLessThanOrEqual(1_000);
  }
  for (const { callback_id: id, description } of manifest.features.shortcuts) {
    expect(String(id).length).toBeLessThanOrEqual(255);
    expect(String(description).length).toBeLessThanOrEqual(150);
  }
  expect(manifest.features.shortcuts.length).toBeLessThanOrEqual(10);
  expect(manifest.features.slash_commands.length).toBeLessThanOrEqual(50);
});

test('the local workspace offers exactly the commands that are answered', () => {
  expect(DEFAULT_COMMANDS.map(({ command, usage }) => [command, usage])).toEqual(
    COMMANDS.map((command) => [command.name, hintOf(command)]),
  );
});

test('the manifest asks for exactly the scopes of the methods that are called', async () => {
  const called = new Set(
    [
      ...(await sources()).matchAll(
        /\b((?:auth|chat|conversations|files|(?<!usergroups\.)users|usergroups(?:\.users)?|views)\.[a-z][A-Za-z0-9]+)\b[^'",;\n]*\(/g,
      ),
    ].map((match) => match[1] as string),
  );
  // Taken apart before it is called.
  called.add('chat.postEphemeral');
  for (const bound of ['views.open', 'views.push']) {
    called.add(bound);
  }
  expect([...called].filter((method) => !(method in SCOPES))).toEqual([]);
  expect(Object.keys(SCOPES).filter((method) => !called.has(method))).toEqual([]);
  const needed = new Set([...called].flatMap((method) => SCOPES[method] ?? []));
  // Commands and shortcuts need a scope of their own, and so do mentions.
  const own = ['app_mentions:read', 'commands'];
  expect(manifest.oauth_config.scopes.bot).toEqual([...needed, ...own].toSorted());
});

test('the manifest subscribes to exactly the events that are listened to', async () => {
  const events = [...(await sources()).matchAll(/app\.event\('([a-z_]+)'/g)].map(
    (match) => match[1],
  );
  expect(new Set(manifest.settings.event_subscriptions.bot_events)).toEqual(new Set(events));
  expect(manifest.features.app_home['home_tab_enabled']).toBe(true);
});

test('the manifest switches on what the bot stands on', () => {
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  expect(manifest.settings.interactivity.is_enabled).toBe(true);
});
