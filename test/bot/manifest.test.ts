import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AppsManifestValidateArguments } from '@slack/web-api';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { choiceOf } from '../../src/bot/commands/choose.ts';
import { COMMANDS } from '../../src/bot/commands/registry.ts';
import { SHORTCUTS } from '../../src/bot/shortcuts.ts';
import { DEFAULT_COMMANDS, DEFAULT_SHORTCUTS } from '../../src/embedded/slack/seed.ts';

const root = path.join(import.meta.dirname, '../..');

interface Manifest {
  display_information: { name: string; description: string; background_color: string };
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

const written = await readFile(path.join(root, 'manifest.yml'), 'utf8');
const manifest = parse(written) as Manifest;

async function sources(): Promise<string> {
  const folder = path.join(root, 'src/bot');
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts'));
  return (await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))).join(
    '\n',
  );
}

type SlackManifest = Exclude<AppsManifestValidateArguments['manifest'], string>;
type Scope = NonNullable<
  NonNullable<NonNullable<SlackManifest['oauth_config']>['scopes']>['bot']
>[number];

/** What each method of the Web API needs; a method that is not here fails the test below. */
const SCOPES: Readonly<Record<string, readonly Scope[]>> = {
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
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.uploadV2': ['files:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

/** What Slack asks for before it tells of an event, and before commands may be installed. */
const OTHER_SCOPES: Readonly<Record<string, readonly Scope[]>> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  subteam_members_changed: ['usergroups:read'],
  user_change: ['users:read'],
  'slash commands': ['commands'],
  shortcuts: ['commands'],
};

test('the manifest has exactly the commands of the registry, with their hints', () => {
  expect(manifest.features.slash_commands).toEqual(
    COMMANDS.map((command) => ({
      command: command.name,
      description: command.says,
      usage_hint: command.hint,
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

describe("Slack's own rules", () => {
  const schema = JSON.parse(
    readFileSync(
      path.join(import.meta.dirname, 'slack-manifest/manifest.schema.2.0.0.json'),
      'utf8',
    ),
  ) as object;
  // The schema carries notes of its authors, and formats that another package would check.
  const isAllowed = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
    schema,
  );
  const complaints = (given: unknown) =>
    isAllowed(given) ? [] : isAllowed.errors?.map((e) => `${e.instancePath} ${e.message}`);

  test('take the manifest as it is', () => {
    expect(complaints(manifest)).toEqual([]);
    expect(manifest.display_information.background_color).toMatch(/^#[0-9a-f]{6}$/);
  });

  test.each([
    ['a name of 36 characters', { display_information: { name: 'x'.repeat(36) } }, '35 characters'],
    ['no name at all', { display_information: {} }, "property 'name'"],
    ['a word that Slack does not know', { setings: {} }, 'additional properties'],
    [
      'a shortcut whose name does not fit the menu',
      { features: { shortcuts: [{ ...manifest.features.shortcuts[0], name: 'x'.repeat(25) }] } },
      '24 characters',
    ],
  ])('refuse %s', (_, change, complaint) => {
    expect(complaints({ ...manifest, ...change })?.join()).toContain(complaint);
  });
});

test('the local workspace offers exactly the commands that are answered', () => {
  expect(
    DEFAULT_COMMANDS.map(({ command, usage, description }) => [command, usage, description]),
  ).toEqual(COMMANDS.map(({ name, hint, says }) => [name, hint, says]));
});

test('each part of a hint is understood as it stands, and help is one of them', () => {
  for (const command of COMMANDS) {
    const parts = command.hint.split(' | ');
    expect(parts.map((part) => choiceOf(command, part).is)).not.toContain('unknown');
    expect(choiceOf(command, parts.at(-1) ?? '')).toEqual({ is: 'help', about: '' });
    expect(command.says).toMatch(/^(Create|Onboard|See|Get) [^.]{20,90}$/);
  }
});

test('the manifest asks for exactly the scopes that something needs, each beside what needs it', async () => {
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
  expect([...called].toSorted()).toEqual(Object.keys(SCOPES).toSorted());
  const told = [...manifest.settings.event_subscriptions.bot_events, 'slash commands', 'shortcuts'];
  expect(told.toSorted()).toEqual(Object.keys(OTHER_SCOPES).toSorted());
  const reasons = Object.entries({ ...SCOPES, ...OTHER_SCOPES });
  const needed = [...new Set(reasons.flatMap(([, scopes]) => scopes))].toSorted();
  expect(manifest.oauth_config.scopes.bot).toEqual(needed);
  const lines = needed.map((scope) => {
    const users = reasons.filter(([, scopes]) => scopes.includes(scope)).map(([user]) => user);
    return `      - ${scope} # ${users.toSorted().join(', ')}`;
  });
  expect(written).toContain(`    bot:\n${lines.join('\n')}\n`);
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
