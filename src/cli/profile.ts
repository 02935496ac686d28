// `quartermaster profile`: servers by name. A key comes on standard input or is typed unseen, never as an argument.

import { Argument } from 'commander';
import type { Command } from 'commander';
import type { Profiles, ProfileStore } from '../config/profiles.ts';
import { EXIT } from './exit-codes.ts';
import { readSecret } from './secrets.ts';
import { tableOf } from './table.ts';

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** Adds the group with its commands; `done` is told how each ended. */
export function addProfileCommands(
  program: Command,
  store: ProfileStore,
  done: (code: number, said: string) => void,
): void {
  const group = program
    .command('profile')
    .description('servers by name, with the keys that open them; kept for you alone');
  const found = store.read();
  const names = 'problem' in found ? [] : [...found.byName.keys()];
  const change = (turn: (profiles: Profiles) => Turned): void => {
    const before = store.read();
    const turned = 'problem' in before ? before : turn(before);
    if ('problem' in turned) {
      done(EXIT.usage, turned.problem);
      return;
    }
    store.write(turned.profiles);
    done(EXIT.done, turned.said);
  };
  group
    .command('add <name>')
    .description('remembers a server; its key is read from standard input')
    .requiredOption('--url <url>', 'the server, https://…')
    .action(async (name: string, { url }: { url: string }) => {
      const complaint = complaintAbout(name, url);
      if (complaint !== undefined) {
        done(EXIT.usage, complaint);
        return;
      }
      const adminKey = await readSecret(`Admin key of ${url}: `);
      change((profiles) => added(profiles, name, { url, adminKey }));
    });
  group
    .command('list')
    .description('all of them; * is the one in use')
    .action(() => {
      const profiles = store.read();
      done('problem' in profiles ? EXIT.usage : EXIT.done, listed(profiles));
    });
  group
    .command('use')
    .description('from now on this one, where nothing else is said')
    .addArgument(placeFor(names))
    .action((name: string) => change((profiles) => used(profiles, name)));
  group
    .command('remove')
    .description('forgets a server and its key')
    .addArgument(placeFor(names))
    .action((name: string) => change((profiles) => removed(profiles, name)));
}

/** What a shell may offer; whether there is such a one is looked at when it is asked for. */
function placeFor(names: string[]): Argument {
  const place = new Argument('<name>');
  place.argChoices = names;
  return place;
}

type Turned = { readonly profiles: Profiles; readonly said: string } | { readonly problem: string };

function complaintAbout(name: string, url: string): string | undefined {
  if (!NAME.test(name)) {
    return `Adding a profile: "${name}" is no name; letters, digits, ".", "_" and "-" are, 64 at most`;
  }
  return URL.canParse(url) && /^https?:/.test(url)
    ? undefined
    : `Adding a profile: "${url}" is no URL of a server, https://… is`;
}

/** The first one is in use at once. */
function added(
  { current, byName }: Profiles,
  name: string,
  profile: { readonly url: string; readonly adminKey: string },
): Turned {
  if (profile.adminKey === '') {
    return {
      problem: `Adding a profile: no key came on standard input: printenv KEY | quartermaster profile add ${name} --url ${profile.url}`,
    };
  }
  const inUse = current ?? (byName.size === 0 ? name : undefined);
  return {
    profiles: {
      ...(inUse === undefined ? {} : { current: inUse }),
      byName: new Map([...byName, [name, profile]]),
    },
    said: inUse === name ? `${name} is kept, and in use` : `${name} is kept`,
  };
}

function used(profiles: Profiles, name: string): Turned {
  return profiles.byName.has(name)
    ? { profiles: { ...profiles, current: name }, said: `${name} is in use` }
    : unknown(profiles, name);
}

function unknown({ byName }: Profiles, name: string): Turned {
  const known = [...byName.keys()].join(', ') || 'none';
  return { problem: `There is no profile "${name}": there are ${known}` };
}

function removed(profiles: Profiles, name: string): Turned {
  const { current, byName } = profiles;
  if (!byName.has(name)) {
    return unknown(profiles, name);
  }
  const left = new Map([...byName].filter(([each]) => each !== name));
  return {
    profiles: { ...(current === undefined || current === name ? {} : { current }), byName: left },
    said: name === current ? `${name} is forgotten${goesOn(left)}` : `${name} is forgotten`,
  };
}

/** The one in use is gone: the next command would look elsewhere, and nobody has said where. */
function goesOn(left: Profiles['byName']): string {
  const [other] = left.keys();
  return other === undefined
    ? ''
    : `; none is in use now, \`quartermaster profile use ${other}\` takes up another`;
}

function listed(profiles: Profiles | { readonly problem: string }): string {
  if ('problem' in profiles) {
    return profiles.problem;
  }
  const rows = [...profiles.byName].map(([name, { url, adminKey }]) => ({
    name,
    in_use: name === profiles.current ? '*' : '',
    url,
    key: `…${adminKey.slice(-4)}`,
  }));
  return rows.length === 0 ? 'no profiles: see `quartermaster profile add --help`' : tableOf(rows);
}
