import { createChanges } from './changes.ts';
import { createControl, type Control } from './control.ts';
import { createDelivery } from './delivery/delivery.ts';
import { listen } from './http/server.ts';
import { isLoopbackHost } from './http/loopback.ts';
import { secret } from './ids.ts';
import type { Message, Person, Seed } from './model.ts';
import type { Office, Settings } from './office.ts';
import { createOutages } from './outages.ts';
import { createPasses } from './passes.ts';
import { createSaver, readKept, type Kept, type Saver } from './persistence.ts';
import {
  DEFAULT_COMMANDS,
  DEFAULT_SHORTCUTS,
  commandHints,
  defaultSeed,
  type CommandHint,
} from './seed.ts';
import { createTranscript } from './transcript.ts';

/*
 * A Slack workspace of one's own, on this machine: the Web API, Socket Mode, signed requests,
 * response addresses, interactivity and a page to use it all. As strict as Slack, so that an app
 * which works here works there.
 *
 *   api/       the methods          blocks/   Block Kit and its limits
 *   delivery/  the way to the app   people/   what people do, and what Slack sends then
 *   http/      the server           page/     what a browser draws
 *
 * It trusts whoever reaches it, and therefore listens on loopback addresses only.
 */

export type WorkspaceOptions = {
  /** 0 takes a free one. */
  port: number;
  host?: string;
  /** Where messages, home tabs and credentials are kept; without it they end with the process. */
  dataFile?: string;
  seed?: Partial<Seed>;
  /** The time in milliseconds, by which triggers and response addresses expire. */
  now?: () => number;
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  /** Where to send signed requests; without it the app connects by Socket Mode. */
  requestUrl?: string;
  commands?: readonly (string | CommandHint)[];
  /** False: the Web API answers 503 until `control.restore()`. */
  autostart?: boolean;
};

export type RunningWorkspace = {
  url: string;
  port: number;
  botToken: string;
  appToken: string;
  signingSecret: string;
  control: Control;
  close(): Promise<void>;
};

function settingsOf(options: WorkspaceOptions, seed: Seed, kept: Kept | null): Settings {
  return {
    team: seed.team,
    bot: seed.bot,
    botToken: options.botToken ?? kept?.botToken ?? `xoxb-local-${secret()}`,
    appToken: options.appToken ?? kept?.appToken ?? `xapp-1-local-${secret()}`,
    signingSecret: options.signingSecret ?? kept?.signingSecret ?? secret(),
    verificationToken: 'deprecated-verification',
    commands: commandHints(options.commands ?? DEFAULT_COMMANDS),
    shortcuts: DEFAULT_SHORTCUTS,
  };
}

function byId<T extends { id: string }>(...lists: (readonly T[])[]): Map<string, T> {
  return new Map(lists.flat().map((one) => [one.id, structuredClone(one)]));
}

/** A seed may name people alone: the app and Slackbot are always there. */
function withBots(seed: Seed): Person[] {
  const ids = seed.people.map((one) => one.id);
  const bots = defaultSeed().people.filter((one) => one.isBot && !ids.includes(one.id));
  return [...seed.people, ...bots];
}

/** `seconds.micros`, never the same twice, never going back; also not over a restart. */
function createStamps(now: () => number, startMicros: number) {
  let lastMicros = startMicros;
  return {
    last: () => lastMicros,
    next(): string {
      lastMicros = Math.max(Math.floor(now()) * 1000, lastMicros + 1);
      const digits = String(lastMicros).padStart(16, '0');
      return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    },
  };
}

function grouped(messages: readonly Message[]): Map<string, Message[]> {
  return new Map(Object.entries(Object.groupBy(messages, (one) => one.channel))) as Map<
    string,
    Message[]
  >;
}

function snapshot(office: Office, lastStampMicros: number): Kept {
  const { botToken, appToken, signingSecret } = office.settings;
  return {
    version: 1,
    botToken,
    appToken,
    signingSecret,
    lastStampMicros,
    channels: [...office.channels.values()],
    messages: [...office.messages.values()].flat().filter((one) => !one.ephemeralFor),
    homes: [...office.homes.values()],
  };
}

/** Opens the workspace. Throws if the host isn't loopback, the port taken or the file not ours. */
export async function startWorkspace(options: WorkspaceOptions): Promise<RunningWorkspace> {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopbackHost(host)) {
    throw new Error(
      `Cannot start the workspace on ${host}: it trusts whoever reaches it, use 127.0.0.1 or ::1`,
    );
  }
  const { dataFile } = options;
  const kept = dataFile === undefined ? null : await readKept(dataFile);
  const seed: Seed = { ...defaultSeed(), ...options.seed };
  const now = options.now ?? Date.now;
  const settings = settingsOf(options, seed, kept);
  const stamps = createStamps(now, kept?.lastStampMicros ?? 0);
  const transcript = createTranscript();
  const changes = createChanges();
  const outages = createOutages();
  let saver: Saver | undefined;

  const office: Office = {
    settings,
    url: '',
    now,
    people: byId(withBots(seed)),
    channels: byId(seed.channels, kept?.channels ?? []),
    groups: byId(seed.groups),
    messages: grouped(kept?.messages ?? []),
    homes: new Map((kept?.homes ?? []).map((view) => [view.userId, view])),
    stacks: new Map(),
    files: new Map(),
    passes: createPasses(now),
    outages,
    delivery: createDelivery({
      appId: seed.bot.appId,
      signingSecret: settings.signingSecret,
      requestUrl: options.requestUrl,
      transcript,
      onConnectionChange: () => changes.tell({ kind: 'connection' }),
    }),
    changes,
    transcript,
    save: () => saver?.save(),
    nextStamp: () => stamps.next(),
  };
  if (dataFile !== undefined) {
    const onFault = (text: string): void => changes.tell({ kind: 'notice', text });
    saver = createSaver(dataFile, () => snapshot(office, stamps.last()), onFault);
    saver.save();
  }
  if (options.autostart === false) {
    outages.begin({ status: 503 });
  }
  const control = createControl(office);
  const server = await listen(office, control, host, options.port);
  office.url = `http://${host === '::1' ? '[::1]' : host}:${server.port}`;
  return {
    url: office.url,
    port: server.port,
    botToken: settings.botToken,
    appToken: settings.appToken,
    signingSecret: settings.signingSecret,
    control,
    async close() {
      await office.delivery.close();
      await server.close();
      await saver?.flush();
    },
  };
}
